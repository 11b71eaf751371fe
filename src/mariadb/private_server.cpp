#include "mariadb/private_server.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <thread>
#include <utility>

#include "base/bytes.h"
#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/scratch_folder.h"
#include "base/subprocess.h"
#include "base/time.h"
#include "mariadb/connection.h"
#include "mariadb/private_server_setup.h"

namespace enamel::mariadb {
namespace fs = std::filesystem;

namespace {

constexpr double kStopSeconds = 120;
constexpr std::size_t kSocketPathBytesMax = 107;  // sockaddr_un::sun_path without its NUL
constexpr const char* kMarkerName = "enamel-private-server";
constexpr const char* kSocketFileName = "socket-path";

Address administratorOf(const std::string& socket, const std::string& database) {
  Address address;
  address.user = "root";
  address.socket = socket;
  address.database = database;
  return address;
}

std::string firstLine(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// Whether the process is a server whose data lies in folder/data, or one that makes system tables there.
bool runsOn(const fs::path& folder, const std::string& pid) {
  std::ifstream arguments("/proc/" + pid + "/cmdline", std::ios::binary);
  const std::string data = "--datadir=" + folder.string() + "/data";
  for (std::string argument; std::getline(arguments, argument, '\0');) {
    if (argument == data || argument == data + ".unfinished") return true;
  }
  return false;
}

// The process folder/pid names, if it still lives and is a server on this folder: numbers are reused.
std::optional<pid_t> runningPid(const fs::path& folder) {
  const std::string text = firstLine(folder / "pid");
  if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos || text.size() > 9) {
    return std::nullopt;
  }
  if (runsOn(fs::canonical(folder), text)) return std::stoi(text);
  return std::nullopt;
}

bool waitForEnd(const Fd& process, double seconds) {
  pollfd wait{process.get(), POLLIN, 0};
  const double deadline = monotonicSeconds() + seconds;
  for (;;) {
    const double rest = deadline - monotonicSeconds();
    const int n = poll(&wait, 1, rest > 0 ? static_cast<int>(rest * 1000) + 1 : 0);
    if (n > 0) return true;
    if (n == 0 || (n < 0 && errno != EINTR)) return false;
  }
}

void makeFolder(const fs::path& folder, const std::string& account, mode_t mode) {
  fs::create_directories(folder);
  if (chmod(folder.c_str(), mode) != 0) throw systemError("chmod " + folder.string(), errno);
  giveFolderTo(account, folder);
}

}  // namespace

struct PrivateServer::State {
  Options options;
  std::string account = serverAccount();
  std::string socket;
  std::optional<Subprocess> process;

  explicit State(const Options& o) : options(o) {}

  void prepareFolder();
  void chooseSocket();
  void waitUntilItAnswers(const CancelToken& cancel);
  void removeTraces() noexcept;
};

void PrivateServer::State::prepareFolder() {
  fs::create_directories(options.folder);
  options.folder = fs::canonical(options.folder);
  const fs::path data = options.folder / "data";
  const fs::path marker = options.folder / kMarkerName;
  if (!fs::exists(marker)) {
    if (fs::exists(data) && !fs::is_empty(data)) {
      throw Error(ErrorCode::kExists, data.string() + " is not the data folder of a private server",
                  "choose an empty folder; a data folder that is in use elsewhere is never touched");
    }
    const ByteView nothing[] = {asBytes("1\n")};
    writeFileDurably(marker, nothing, 0644);
  }
  if (runningPid(options.folder)) {
    throw Error(ErrorCode::kExists, "a private server is already running in " + options.folder.string(),
                "stop that one first");
  }
  makeFolder(options.folder, account, 0700);
  makeFolder(options.folder / "tmp", account, 0700);
  makeFolder(options.folder / "none", {}, 0755);
  if (!fs::exists(data) || fs::is_empty(data)) {
    fs::remove(data);
    makeSystemTables(options.folder, account);
  }
}

void PrivateServer::State::chooseSocket() {
  removeTraces();
  socket = (options.folder / "socket").string();
  if (socket.size() > kSocketPathBytesMax) {
    std::string pattern = "/tmp/enamel-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw systemError("create a folder in /tmp", errno);
    giveFolderTo(account, pattern);
    socket = pattern + "/socket";
  }
  const ByteView line[] = {asBytes(socket)};
  writeFileDurably(options.folder / kSocketFileName, line, 0644);
}

void PrivateServer::State::waitUntilItAnswers(const CancelToken& cancel) {
  const double deadline = monotonicSeconds() + options.start_timeout_s;
  for (;;) {
    cancel.check();
    if (!process->running()) {
      throw Error(ErrorCode::kDatabase, "the private server in " + options.folder.string() +
                                            " ended while it started:\n" + logTail(options.folder));
    }
    try {
      const Connection connection(administratorOf(socket, {}));
      return;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kDatabaseUnreachable) throw;
      if (monotonicSeconds() > deadline) {
        throw Error(ErrorCode::kDatabase,
                    fmt::format("the private server in {} did not answer within {:.0f} s:\n{}",
                                options.folder.string(), options.start_timeout_s, logTail(options.folder)));
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

// Removes a socket's folder in /tmp; never anything that another path in the file could name.
void PrivateServer::State::removeTraces() noexcept {
  std::error_code ignored;  // leftovers harm nobody
  const fs::path path = firstLine(options.folder / kSocketFileName);
  const std::string parent = path.parent_path().string();
  if (parent.rfind("/tmp/enamel-", 0) == 0 && path.filename() == "socket") {
    fs::remove(path, ignored);
    fs::remove(parent, ignored);
  }
  fs::remove(options.folder / kSocketFileName, ignored);
}

PrivateServer::PrivateServer(const Options& options, const CancelToken& cancel)
    : state_(std::make_unique<State>(options)) {
  state_->prepareFolder();
  state_->chooseSocket();
  const bool die_with_parent = !options.keep_running;
  const std::vector<std::string> arguments =
      runAs(state_->account, die_with_parent, serverArguments(state_->options, state_->socket));
  const fs::path& folder = state_->options.folder;
  Subprocess::Options process;
  process.working_directory = folder.string();
  process.output_file = (folder / "log").string();
  process.die_with_parent = die_with_parent;
  process.own_session = true;
  state_->process.emplace(arguments, process);
  try {
    state_->waitUntilItAnswers(cancel);
  } catch (...) {
    state_->process.reset();
    state_->removeTraces();
    throw;
  }
}

PrivateServer::~PrivateServer() {
  if (!state_ || !state_->process) return;
  state_->process->terminate(kStopSeconds);
  state_->removeTraces();
}

PrivateServer::PrivateServer(PrivateServer&&) noexcept = default;

Address PrivateServer::address(const std::string& database) const {
  return administratorOf(state_->socket, database);
}

fs::path PrivateServer::dataFolder() const {
  return state_->options.folder / "data";
}

int PrivateServer::pid() const {
  return state_->process ? state_->process->pid() : -1;
}

bool PrivateServer::running() const {
  return state_->process && state_->process->running();
}

void PrivateServer::stop() {
  if (!state_->process) return;
  const int status = state_->process->terminate(kStopSeconds);
  state_->process.reset();
  state_->removeTraces();
  if (status == 128 + SIGKILL) {
    throw Error(ErrorCode::kDatabase, "the private server in " + state_->options.folder.string() +
                                          " did not shut down cleanly:\n" + logTail(state_->options.folder));
  }
}

void PrivateServer::release() {
  ENAMEL_CHECK(state_->options.keep_running);
  if (!state_->process) return;
  state_->process->release();
  state_->process.reset();
}

std::optional<Address> PrivateServer::findRunning(const fs::path& folder, const std::string& database) {
  if (!fs::exists(folder) || !runningPid(folder)) return std::nullopt;
  return administratorOf(firstLine(folder / kSocketFileName), database);
}

bool PrivateServer::stopRunning(const fs::path& folder, double timeout_s) {
  const std::optional<pid_t> pid = fs::exists(folder) ? runningPid(folder) : std::nullopt;
  if (!pid) return false;
  const Fd process(static_cast<int>(syscall(SYS_pidfd_open, *pid, 0)));
  if (!process || runningPid(folder) != pid) return false;  // it ended just now
  if (kill(*pid, SIGTERM) != 0) throw systemError("stop the server in " + folder.string(), errno);
  if (!waitForEnd(process, timeout_s)) {
    throw Error(ErrorCode::kDatabase, fmt::format("the server in {} did not shut down within {:.0f} s",
                                                  folder.string(), timeout_s));
  }
  Options options;
  options.folder = folder;
  State(options).removeTraces();
  return true;
}

void PrivateServer::endAbandoned(const fs::path& folder) {
  if (!fs::exists(folder)) return;
  const fs::path real = fs::canonical(folder);
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
    const std::string pid = entry.path().filename();
    if (pid.find_first_not_of("0123456789") != std::string::npos || pid.size() > 9 || !runsOn(real, pid))
      continue;
    const Fd process(static_cast<int>(syscall(SYS_pidfd_open, std::stoi(pid), 0)));
    if (!process || !runsOn(real, pid)) continue;  // it ended just now
    if (syscall(SYS_pidfd_send_signal, process.get(), SIGKILL, nullptr, 0) != 0 && errno != ESRCH)
      throw systemError("stop the abandoned server in " + real.string(), errno);
    if (!waitForEnd(process, kStopSeconds))
      throw Error(ErrorCode::kDatabase, "the abandoned server in " + real.string() + " does not end");
  }
  Options options;
  options.folder = real;
  State(options).removeTraces();
}

std::vector<fs::path> removeAbandonedScratch(const fs::path& parent) {
  return ScratchFolder::removeAbandoned(
      parent, [](const fs::path& folder) { PrivateServer::endAbandoned(folder / "server"); });
}

}  // namespace enamel::mariadb
