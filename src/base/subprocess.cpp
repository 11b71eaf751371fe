#include "base/subprocess.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string_view>
#include <thread>
#include <utility>

#include "base/bytes.h"
#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/time.h"

extern char** environ;

namespace enamel {
namespace {

// Of a child that somebody else waited for, as where SIGCHLD is ignored: never a success.
constexpr int kUnknownStatus = 127;

int exitStatusOf(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::vector<char*> pointersTo(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& s : strings) pointers.push_back(s.data());
  pointers.push_back(nullptr);
  return pointers;
}

// A variable given in `added` replaces the caller's of the same name.
std::vector<std::string> mergedEnvironment(const std::vector<std::string>& added) {
  std::vector<std::string> merged = added;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('=') + 1);
    bool replaced = false;
    for (const std::string& a : added) replaced = replaced || a.compare(0, name.size(), name) == 0;
    if (!replaced) merged.emplace_back(text);
  }
  return merged;
}

// Makes the descriptor the child's `number`. Callable after fork. One that has the number already (this
// process was started without standard input or output) would keep O_CLOEXEC with dup2.
bool putAt(int fd, int number) {
  return fd == number ? fcntl(fd, F_SETFD, 0) == 0 : dup2(fd, number) >= 0;
}

}  // namespace

std::string findProgram(const std::string& name) {
  if (name.find('/') != std::string::npos) return ::access(name.c_str(), X_OK) == 0 ? name : "";
  const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): nothing here sets the environment
  std::stringstream folders(std::string(path != nullptr ? path : "") +
                            ":/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (folder.empty()) continue;
    std::string candidate = folder + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return "";
}

Subprocess::Subprocess(const std::vector<std::string>& arguments, const Options& options) {
  // Everything that allocates happens before fork: other threads may hold the allocator's lock.
  std::vector<std::string> args = arguments;
  const std::string program = findProgram(args.at(0));
  if (program.empty()) {
    throw Error(ErrorCode::kNotFound, "the program " + args[0] + " is not installed",
                "install it: apt-get install the package that holds " + args[0]);
  }
  std::vector<std::string> env = mergedEnvironment(options.environment);
  const std::vector<char*> argv = pointersTo(args);
  const std::vector<char*> envp = pointersTo(env);
  const Fd input = openFile(options.stdin_file, O_RDONLY);
  const Fd output = options.output_file.empty()
                        ? openFile("/dev/null", O_WRONLY)
                        : openFile(options.output_file, O_WRONLY | O_CREAT | O_APPEND);
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) throw systemError("pipe", errno);
  const Fd report_read(report[0]);
  Fd report_write(report[1]);
  const pid_t parent = getpid();

  pid_ = fork();
  if (pid_ < 0) throw systemError("fork", errno);
  if (pid_ == 0) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    bool ok = putAt(input.get(), 0) && putAt(output.get(), 1) && putAt(output.get(), 2);
    if (options.own_session) ok = ok && setsid() >= 0;
    if (!options.working_directory.empty()) ok = ok && chdir(options.working_directory.c_str()) == 0;
    if (options.die_with_parent) {
      ok = ok && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
      if (getppid() != parent) _exit(127);  // the parent died before the request took effect
    }
    if (ok) execve(program.c_str(), argv.data(), envp.data());
    const int error_number = errno;
    [[maybe_unused]] const ssize_t n = ::write(report_write.get(), &error_number, sizeof error_number);
    _exit(127);
  }
  report_write.reset();
  int error_number = 0;
  ssize_t reported = 0;
  do {
    reported = ::read(report_read.get(), &error_number, sizeof error_number);
  } while (reported < 0 && errno == EINTR);
  if (reported == sizeof error_number) {
    wait();
    throw systemError("start " + args[0], error_number);
  }
}

Subprocess::Subprocess(Subprocess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), status_(std::exchange(other.status_, -1)) {}

Subprocess::~Subprocess() {
  if (pid_ > 0 && status_ < 0) {
    ::kill(pid_, SIGKILL);
    wait();
  }
}

bool Subprocess::running() {
  if (pid_ <= 0 || status_ >= 0) return false;
  int status = 0;
  const pid_t ended = waitpid(pid_, &status, WNOHANG);
  if (ended == 0) return true;
  status_ = ended < 0 ? kUnknownStatus : exitStatusOf(status);
  return false;
}

int Subprocess::wait() {
  if (status_ >= 0 || pid_ <= 0) return status_;
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0) {
    if (errno != EINTR) return status_ = kUnknownStatus;
  }
  return status_ = exitStatusOf(status);
}

void Subprocess::signal(int number) {
  if (running()) ::kill(pid_, number);
}

int Subprocess::terminate(double grace_seconds) {
  signal(SIGTERM);
  const double deadline = monotonicSeconds() + grace_seconds;
  while (running() && monotonicSeconds() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  signal(SIGKILL);
  return wait();
}

pid_t Subprocess::release() {
  status_ = 0;
  return std::exchange(pid_, -1);
}

CommandResult runCommand(const std::vector<std::string>& arguments,
                         const std::vector<std::string>& environment) {
  const TempDirectory folder;
  const std::string output = (folder.path() / "output").string();
  Subprocess process(arguments, {.environment = environment, .output_file = output});
  CommandResult result;
  result.exit_status = process.wait();
  const Fd fd = openFile(output, O_RDONLY);
  Bytes text(1 << 20);
  text.resize(readFull(fd.get(), text, output));
  result.output = asText(text);
  return result;
}

}  // namespace enamel
