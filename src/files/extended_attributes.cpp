#include "files/extended_attributes.h"

#include <sys/xattr.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "files/read_error.h"

namespace enamel::files {
namespace {

// There are no ...at() calls for attributes; the link in /proc stands for the folder however deep it lies.
std::string pathOf(const AttributeOwner& owner) {
  return "/proc/self/fd/" + std::to_string(owner.fd) + "/" + owner.name;
}

ssize_t listInto(const AttributeOwner& owner, char* buffer, std::size_t size) {
  return owner.name.empty() ? flistxattr(owner.fd, buffer, size)
                            : llistxattr(pathOf(owner).c_str(), buffer, size);
}

ssize_t getInto(const AttributeOwner& owner, const char* name, void* buffer, std::size_t size) {
  return owner.name.empty() ? fgetxattr(owner.fd, name, buffer, size)
                            : lgetxattr(pathOf(owner).c_str(), name, buffer, size);
}

bool meansNone(int error) {
  return error == ENOTSUP || error == ENODATA || error == ENOSYS;
}

// Calls get(buffer, size) with a buffer that is large enough, even if what is read grows meanwhile.
// nullopt if there is nothing.
template <class Get>
std::optional<Bytes> readAll(Get get) {
  Bytes buffer(256);
  for (;;) {
    const ssize_t n = get(buffer.data(), buffer.size());
    if (n >= 0) {
      buffer.resize(static_cast<std::size_t>(n));
      return buffer;
    }
    if (meansNone(errno)) return std::nullopt;
    if (errno != ERANGE) throw FileReadError(errno);
    const ssize_t needed = get(nullptr, 0);
    if (needed < 0) {
      if (meansNone(errno)) return std::nullopt;
      throw FileReadError(errno);
    }
    buffer.resize(static_cast<std::size_t>(needed) + 64);
  }
}

}  // namespace

std::vector<repository::ExtendedAttribute> readExtendedAttributes(const AttributeOwner& owner) {
  std::vector<repository::ExtendedAttribute> out;
  const auto names = readAll(
      [&](std::uint8_t* to, std::size_t size) { return listInto(owner, reinterpret_cast<char*>(to), size); });
  if (!names) return out;
  for (std::string_view rest = asText(*names); !rest.empty();) {
    const std::string name(rest.substr(0, rest.find('\0')));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    auto value =
        readAll([&](std::uint8_t* to, std::size_t size) { return getInto(owner, name.c_str(), to, size); });
    if (value) out.push_back({.name = name, .value = std::move(*value)});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

int writeExtendedAttribute(const AttributeOwner& owner, const repository::ExtendedAttribute& attribute) {
  const char* name = attribute.name.c_str();
  const void* value = attribute.value.data();
  const std::size_t size = attribute.value.size();
  const int result = owner.name.empty() ? fsetxattr(owner.fd, name, value, size, 0)
                                        : lsetxattr(pathOf(owner).c_str(), name, value, size, 0);
  return result == 0 ? 0 : errno;
}

}  // namespace enamel::files
