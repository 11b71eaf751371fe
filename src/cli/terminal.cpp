#include "cli/terminal.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>

#include "base/error.h"

namespace enamel::cli {
namespace {

constexpr char kInterrupt = 3;  // Ctrl-C with ISIG off

// The echo is off while this lives. Signals from the keyboard are held back for that time: Ctrl-C ends the
// question through the end of input, and the shell never gets a terminal without echo.
class EchoOff {
 public:
  EchoOff() {
    if (tcgetattr(STDIN_FILENO, &before_) != 0) throw systemError("terminal", errno);
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
    quiet.c_lflag |= ECHONL;
    quiet.c_cc[VEOL] = kInterrupt;  // ends a line too, so that it is read at once
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) != 0) throw systemError("terminal", errno);
  }
  ~EchoOff() { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;

 private:
  termios before_{};
};

// A line with what ended it, '\n' or kInterrupt; without either where input ends.
std::string readLine(const std::string& prompt, const CancelToken& cancel) {
  std::fputs(prompt.c_str(), stderr);
  std::fflush(stderr);
  std::string line;
  while (true) {
    // Unlike read(), poll() always comes back when a signal arrives.
    pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    const int ready = poll(&input, 1, -1);
    cancel.check();
    if (ready < 0) continue;
    char c = 0;
    const ssize_t count = read(STDIN_FILENO, &c, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return line;
    line += c;
    if (c == '\n' || c == kInterrupt) return line;
  }
}

std::string ask(const std::string& prompt, const CancelToken& cancel, const char* no_answer) {
  std::string line = readLine(prompt, cancel);
  if (!line.ends_with('\n')) throw Error(ErrorCode::kCancelled, no_answer);
  line.pop_back();
  return line;
}

}  // namespace

std::string askOnTerminal(const std::string& prompt, const CancelToken& cancel) {
  const EchoOff echo_off;  // before the question: a quick answer is neither shown nor flushed away
  return ask(prompt, cancel, "no password was entered");
}

std::string askLineOnTerminal(const std::string& prompt, const CancelToken& cancel) {
  return ask(prompt, cancel, "nothing was entered");
}

std::optional<std::string> readAnswer(const std::string& prompt, const CancelToken& cancel) {
  std::string line = readLine(prompt, cancel);
  if (line.empty()) return std::nullopt;
  if (line.back() == '\n') line.pop_back();
  return line;
}

bool isTerminal(int fd) {
  return isatty(fd) == 1;
}

std::size_t terminalWidth() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace enamel::cli
