#pragma once

#include <string>
#include <vector>

#include "repository/tree.h"

namespace enamel::files {

// What extended attributes hang on: an open file or folder, or a name in an open folder (not followed if it
// is a symlink; for things that are better not opened, such as devices).
struct AttributeOwner {
  int fd = -1;
  std::string name{};  // empty: fd itself
};

// All attributes the caller may see, sorted by name; none where the file system has none.
// Throws FileReadError.
std::vector<repository::ExtendedAttribute> readExtendedAttributes(const AttributeOwner& owner);

// Sets one attribute; returns 0 or the error number.
int writeExtendedAttribute(const AttributeOwner& owner, const repository::ExtendedAttribute& attribute);

}  // namespace enamel::files
