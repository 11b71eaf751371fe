#pragma once

#include <sys/types.h>

#include <mutex>
#include <string>
#include <unordered_map>

namespace enamel::files {

// Names of users and groups, each looked up once. Thread-safe; the references stay valid.
class OwnerNames {
 public:
  // Empty if there is no such user (group).
  const std::string& user(uid_t id);
  const std::string& group(gid_t id);

 private:
  std::mutex mutex_;
  std::unordered_map<uid_t, std::string> users_;   // guarded by mutex_
  std::unordered_map<gid_t, std::string> groups_;  // guarded by mutex_
};

}  // namespace enamel::files
