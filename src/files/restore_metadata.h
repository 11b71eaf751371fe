#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "repository/tree.h"

namespace enamel::files {

// What is set on a file or folder after its content.
struct Metadata {
  explicit Metadata(repository::Node& node);  // takes the attributes out of the node

  mode_t mode;  // as chmod takes it
  std::uint32_t uid, gid;
  Timestamp mtime, atime;
  std::vector<repository::ExtendedAttribute> extended_attributes;
};

// Sets owner (if asked for; silently not where the caller may not; without the owner no set-id bits either),
// extended attributes, mode and times. Returns what went wrong, empty if all is set. The second form is for a
// name in an open folder, not followed: is_symlink has no mode and no attributes.
std::string setMetadata(int fd, const Metadata& metadata, bool ownership);
std::string setMetadataAt(int folder_fd, const std::string& name, const Metadata& metadata, bool ownership,
                          bool is_symlink);

// Sets the mode of a name in an open folder, of no link. Returns 0 or the error number.
int chmodNotFollowing(int folder_fd, const std::string& name, mode_t mode);

}  // namespace enamel::files
