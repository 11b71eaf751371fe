#include "repository/process_identity.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace enamel::repository {

ProcessIdentity processIdentity() {
  ProcessIdentity self{.username = {}, .hostname = {}, .uid = getuid(), .gid = getgid(), .pid = getpid()};
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) == 0) self.hostname = host.data();
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(self.uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) {
    self.username = found->pw_name;
  } else {
    self.username = std::to_string(self.uid);
  }
  return self;
}

bool processMayRun(pid_t pid) {
  return pid > 0 && (::kill(pid, 0) == 0 || errno != ESRCH);
}

}  // namespace enamel::repository
