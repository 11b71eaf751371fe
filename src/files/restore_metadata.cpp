#include "files/restore_metadata.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/fd.h"
#include "files/extended_attributes.h"
#include "files/stat_node.h"

namespace enamel::files {

// fchmodat follows links. Whoever may write to the folder could put one in place of what was made there.
int chmodNotFollowing(int folder_fd, const std::string& name, mode_t mode) {
  const Fd thing(::openat(folder_fd, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  struct stat st {};
  if (!thing || fstat(thing.get(), &st) != 0) return errno;
  if (S_ISLNK(st.st_mode)) return ELOOP;
  return chmod(("/proc/self/fd/" + std::to_string(thing.get())).c_str(), mode) == 0 ? 0 : errno;
}

namespace {

std::string failed(const std::string& what, int error_number) {
  return what + " could not be set: " + std::generic_category().message(error_number);
}

// Names like security.* and trusted.* are the system's, and for root to write.
bool isUsers(const std::string& name) {
  return name.starts_with("user.");
}

std::string setAttributes(const AttributeOwner& owner, const Metadata& metadata) {
  for (const auto& attribute : metadata.extended_attributes) {
    const int error = writeExtendedAttribute(owner, attribute);
    const bool not_permitted = error == EPERM || error == EACCES;
    if (error != 0 && !(not_permitted && !isUsers(attribute.name) && geteuid() != 0))
      return failed("extended attribute " + attribute.name, error);
  }
  return {};
}

// The mode to set once chown has been tried: a set-id bit must not give away the caller's own rights.
mode_t allowedMode(const Metadata& metadata, bool chowned) {
  return chowned ? metadata.mode : metadata.mode & ~static_cast<mode_t>(S_ISUID | S_ISGID);
}

bool mayNot(int error_number) {
  return error_number == EPERM || error_number == EINVAL;  // EINVAL: an id not mapped in this user namespace
}

}  // namespace

Metadata::Metadata(repository::Node& node)
    : mode(repository::unixMode(node.mode) & 07777),
      uid(node.uid),
      gid(node.gid),
      mtime(node.mtime),
      atime(node.atime),
      extended_attributes(std::exchange(node.extended_attributes, {})) {}

// Owner first, which clears set-id bits and capabilities; mode after the attributes, which may need the
// owner's right to write.
std::string setMetadata(int fd, const Metadata& metadata, bool ownership) {
  std::string problem;
  bool chowned = ownership;
  if (ownership && fchown(fd, metadata.uid, metadata.gid) != 0) {
    if (!mayNot(errno)) problem = failed("the owner", errno);
    chowned = false;
  }
  if (const std::string wrong = setAttributes({.fd = fd}, metadata); !wrong.empty()) problem = wrong;
  if (fchmod(fd, allowedMode(metadata, chowned)) != 0) problem = failed("the mode", errno);
  const timespec times[2] = {timespecOf(metadata.atime), timespecOf(metadata.mtime)};
  if (futimens(fd, times) != 0) problem = failed("the times", errno);
  return problem;
}

std::string setMetadataAt(int folder_fd, const std::string& name, const Metadata& metadata, bool ownership,
                          bool is_symlink) {
  std::string problem;
  bool chowned = ownership;
  if (ownership && fchownat(folder_fd, name.c_str(), metadata.uid, metadata.gid, AT_SYMLINK_NOFOLLOW) != 0) {
    if (!mayNot(errno)) problem = failed("the owner", errno);
    chowned = false;
  }
  if (!is_symlink) {
    const std::string wrong = setAttributes({.fd = folder_fd, .name = name}, metadata);
    if (!wrong.empty()) problem = wrong;
    if (const int error = chmodNotFollowing(folder_fd, name, allowedMode(metadata, chowned)))
      problem = failed("the mode", error);
  }
  const timespec times[2] = {timespecOf(metadata.atime), timespecOf(metadata.mtime)};
  if (utimensat(folder_fd, name.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0)
    problem = failed("the times", errno);
  return problem;
}

}  // namespace enamel::files
