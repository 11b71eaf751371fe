#include "base/file_system.h"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace enamel {
namespace {

// Not in linux/magic.h of every release.
constexpr std::array<std::uint32_t, 8> kRemote{
    NFS_SUPER_MAGIC,        SMB_SUPER_MAGIC, 0xFF534D42U /* CIFS */, 0xFE534D42U /* SMB2 */,
    0x65735546U /* FUSE */, V9FS_MAGIC,      AFS_SUPER_MAGIC,        0x00C36400U /* Ceph */};
constexpr std::array<std::uint32_t, 2> kCoarse{MSDOS_SUPER_MAGIC, 0x2011BAB0U /* exFAT */};

std::optional<std::uint32_t> typeOf(int fd) {
  struct statfs info {};
  if (::fstatfs(fd, &info) != 0) return std::nullopt;
  return static_cast<std::uint32_t>(info.f_type);
}

template <std::size_t N>
bool holds(const std::array<std::uint32_t, N>& types, std::uint32_t type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

}  // namespace

bool isRemoteFileSystem(int fd) {
  const auto type = typeOf(fd);
  return !type || holds(kRemote, *type);
}

bool hasCoarseTimes(int fd) {
  const auto type = typeOf(fd);
  return !type || holds(kRemote, *type) || holds(kCoarse, *type);
}

}  // namespace enamel
