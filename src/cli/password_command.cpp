#include "cli/password_command.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/error.h"
#include "base/fd.h"

namespace enamel::cli {
namespace {

constexpr std::size_t kOutputMax = 64 << 10;

std::string readAll(int fd) {
  Bytes buffer(kOutputMax);
  const std::size_t size = readFull(fd, buffer, "the password command's output");
  std::string text(asText({buffer.data(), size}));
  explicit_bzero(buffer.data(), buffer.size());
  return text;
}

}  // namespace

std::vector<std::string> splitWords(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      if (in_word) words.push_back(std::exchange(word, {}));
      in_word = false;
      continue;
    }
    in_word = true;
    if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      word += text[++i];
    } else {
      word += c;
    }
  }
  if (quote != 0) throw Error(ErrorCode::kUsage, "the password command has a quote that does not end");
  if (in_word) words.push_back(word);
  return words;
}

std::string commandOutput(const std::vector<std::string>& arguments) {
  if (arguments.empty()) throw Error(ErrorCode::kUsage, "the password command is empty");
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw systemError("pipe", errno);
  Fd reader(ends[0]);
  Fd writer(ends[1]);
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, writer.get(), STDOUT_FILENO);
  pid_t pid = -1;
  const int failure = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) throw systemError("password command " + arguments[0], failure);
  writer.reset();
  std::string output = readAll(reader.get());
  reader.reset();  // one that prints on and on ends here
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw Error(ErrorCode::kUsage, "password command " + arguments[0] + " failed",
                "run it by hand to see why; it must print the password and end with status 0");
  return output;
}

}  // namespace enamel::cli
