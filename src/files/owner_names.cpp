#include "files/owner_names.h"

#include <grp.h>
#include <pwd.h>

#include <cerrno>
#include <vector>

namespace enamel::files {
namespace {

constexpr std::size_t kRecordBytesMax = 1U << 20;

// The name field of what one of getpwuid_r and getgrgid_r finds. Failures give no name: the number is stored
// too and is what a restore goes by.
template <class Record, class Lookup>
std::string lookUp(Lookup lookup, char* Record::*name) {
  std::vector<char> buffer(1024);
  for (;;) {
    Record record{};
    Record* found = nullptr;
    const int error = lookup(&record, buffer.data(), buffer.size(), &found);
    if (error == 0 && found != nullptr) return found->*name;
    if (error == EINTR) continue;
    if (error != ERANGE || buffer.size() >= kRecordBytesMax) return {};
    buffer.resize(buffer.size() * 2);
  }
}

}  // namespace

const std::string& OwnerNames::user(uid_t id) {
  const std::lock_guard lock(mutex_);
  const auto [entry, fresh] = users_.try_emplace(id);
  if (fresh) {
    entry->second = lookUp<passwd>([id](auto... rest) { return getpwuid_r(id, rest...); }, &passwd::pw_name);
  }
  return entry->second;
}

const std::string& OwnerNames::group(gid_t id) {
  const std::lock_guard lock(mutex_);
  const auto [entry, fresh] = groups_.try_emplace(id);
  if (fresh) {
    entry->second =
        lookUp<::group>([id](auto... rest) { return getgrgid_r(id, rest...); }, &::group::gr_name);
  }
  return entry->second;
}

}  // namespace enamel::files
