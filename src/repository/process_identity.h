#pragma once

#include <sys/types.h>

#include <string>

namespace enamel::repository {

// Who runs this process: recorded in keys, locks and snapshots.
struct ProcessIdentity {
  std::string username, hostname;
  uid_t uid = 0;
  gid_t gid = 0;
  pid_t pid = 0;
};
ProcessIdentity processIdentity();

// False only if a process of this id is certainly gone.
bool processMayRun(pid_t pid);

}  // namespace enamel::repository
