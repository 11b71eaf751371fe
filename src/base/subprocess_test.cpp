#include "base/subprocess.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"

namespace enamel {
namespace {

TEST(RunCommand, GivesOutputOfBothStreamsAndTheStatus) {
  const CommandResult result = runCommand({"sh", "-c", "echo out; echo err >&2; exit 7"});
  EXPECT_EQ(result.exit_status, 7);
  EXPECT_EQ(result.output, "out\nerr\n");
}

TEST(RunCommand, ArgumentsReachTheProgramAsTheyAre) {
  EXPECT_EQ(runCommand({"printf", "%s|", "a b", "$HOME", "`ls`", "'", ""}).output, "a b|$HOME|`ls`|'||");
}

TEST(RunCommand, GivenVariablesReplaceTheCallers) {
  ASSERT_EQ(setenv("ENAMEL_SUBPROCESS_TEST", "old", 1), 0);
  EXPECT_EQ(runCommand({"sh", "-c", "echo $ENAMEL_SUBPROCESS_TEST"}).output, "old\n");
  EXPECT_EQ(runCommand({"sh", "-c", "echo $ENAMEL_SUBPROCESS_TEST"}, {"ENAMEL_SUBPROCESS_TEST=new"}).output,
            "new\n");
  EXPECT_EQ(
      runCommand({"sh", "-c", "env | grep -c ENAMEL_SUBPROCESS_TEST"}, {"ENAMEL_SUBPROCESS_TEST=new"}).output,
      "1\n");
  unsetenv("ENAMEL_SUBPROCESS_TEST");
}

TEST(RunCommand, NothingComesInFromTheTerminal) {
  EXPECT_EQ(runCommand({"cat"}).output, "");
}

// The file opened for the program's input then gets the number 0 by itself.
TEST(RunCommand, GivesAnInputEvenIfTheCallerHasNone) {
  const Fd kept(fcntl(0, F_DUPFD_CLOEXEC, 3));
  if (!kept) GTEST_SKIP() << "the test has no input itself";
  ASSERT_EQ(close(0), 0);
  const CommandResult result = runCommand({"sh", "-c", "cat && echo read"});
  ASSERT_EQ(dup2(kept.get(), 0), 0);
  EXPECT_EQ(result.output, "read\n");
}

TEST(Subprocess, AProgramThatIsNotInstalledIsNamed) {
  try {
    runCommand({"enamel-no-such-program"});
    FAIL() << "ran";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_NE(std::string(error.what()).find("enamel-no-such-program"), std::string::npos);
    EXPECT_NE(error.hint(), "");
  }
}

TEST(Subprocess, AProgramThatCannotStartIsAnErrorOfTheCaller) {
  const TempDirectory folder;
  const ByteView text = asBytes("not a program");
  writeFileDurably(folder.path() / "f", std::span(&text, 1), 0700);
  EXPECT_THROW(runCommand({(folder.path() / "f").string()}), Error);
  EXPECT_THROW(Subprocess({"true"}, {.working_directory = (folder.path() / "no").string()}), Error);
}

TEST(Subprocess, WorksInItsFolderReadsItsInputAndAppendsItsOutput) {
  const TempDirectory folder;
  const std::string input = (folder.path() / "in").string(), output = (folder.path() / "out").string();
  const ByteView text = asBytes("hello\n");
  writeFileDurably(input, std::span(&text, 1));
  for (int i = 0; i < 2; ++i) {
    Subprocess process(
        {"sh", "-c", "pwd; cat"},
        {.working_directory = folder.path().string(), .stdin_file = input, .output_file = output});
    EXPECT_EQ(process.wait(), 0);
  }
  const std::string once = folder.path().string() + "\nhello\n";
  EXPECT_EQ(asText(readFile(output)), once + once);
}

TEST(Subprocess, RunsUntilItIsEnded) {
  Subprocess process({"sleep", "1000"}, {});
  EXPECT_TRUE(process.running());
  EXPECT_EQ(process.terminate(), 128 + SIGTERM);
  EXPECT_FALSE(process.running());
  EXPECT_EQ(process.wait(), 128 + SIGTERM) << "the status stays known";
}

TEST(Subprocess, OneThatIgnoresSigtermIsKilled) {
  const TempDirectory folder;
  const std::string fifo = (folder.path() / "ready").string();
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  Subprocess process({"sh", "-c", "trap '' TERM; echo > " + fifo + "; while :; do sleep 1000; done"}, {});
  Bytes byte(1);
  readFull(openFile(fifo, O_RDONLY).get(), byte, "fifo");  // it has set its trap by now
  EXPECT_EQ(process.terminate(0.05), 128 + SIGKILL);
}

TEST(Subprocess, TheDestructorLeavesNoChildBehind) {
  pid_t pid = -1;
  {
    const Subprocess process({"sleep", "1000"}, {});
    pid = process.pid();
    EXPECT_EQ(kill(pid, 0), 0);
  }
  EXPECT_EQ(kill(pid, 0), -1);
}

TEST(Subprocess, MovingHandsTheChildOver) {
  Subprocess first({"sleep", "1000"}, {});
  const pid_t pid = first.pid();
  Subprocess second(std::move(first));
  EXPECT_EQ(second.pid(), pid);
  EXPECT_TRUE(second.running());
}

TEST(Subprocess, AReleasedChildLivesOn) {
  pid_t pid = -1;
  {
    Subprocess process({"sleep", "1000"}, {.die_with_parent = false, .own_session = true});
    pid = process.release();
  }
  EXPECT_EQ(kill(pid, 0), 0);
  EXPECT_EQ(getsid(pid), pid);
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
}

// A kill -9 of Enamel must not leave a private server running: here the middle process plays Enamel.
TEST(Subprocess, TheChildDiesWithItsParent) {
  const TempDirectory folder;
  int ends[2];
  ASSERT_EQ(pipe2(ends, 0),
            0);  // without CLOEXEC: the grandchild holds the write end for as long as it lives
  const pid_t middle = fork();
  ASSERT_GE(middle, 0);
  if (middle == 0) {
    try {
      Subprocess grandchild({"sleep", "1000"}, {});
      raise(SIGKILL);
    } catch (...) {
      _exit(1);
    }
    _exit(2);
  }
  const Fd reader(ends[0]);
  ::close(ends[1]);
  int status = 0;
  ASSERT_EQ(waitpid(middle, &status, 0), middle);
  ASSERT_TRUE(WIFSIGNALED(status));
  Bytes byte(1);
  EXPECT_EQ(readFull(reader.get(), byte, "pipe"), 0U) << "the end of the pipe: nobody holds it any more";
}

TEST(FindProgram, LooksInPathAndInTheSbinFolders) {
  EXPECT_NE(findProgram("sh"), "");
  EXPECT_EQ(findProgram("/bin/sh"), "/bin/sh");
  EXPECT_EQ(findProgram("enamel-no-such-program"), "");
  EXPECT_EQ(findProgram("/nowhere/sh"), "");
}

}  // namespace
}  // namespace enamel
