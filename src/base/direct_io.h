#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/fd.h"

namespace enamel {

// Large transfers past the page cache (O_DIRECT): a backup then neither pays for copying into it nor drives
// the database's own pages out of memory. Where the file system refuses O_DIRECT, the same calls use ordinary
// I/O.

// From this size on it pays.
inline constexpr std::size_t kDirectBytesMin = 512U << 10;

// Creates the file (O_EXCL) and writes the parts one after the other. Not synced. Throws systemError.
Fd createFileDirect(const std::filesystem::path& path, std::span<const ByteView> parts, mode_t mode);

// Writes data as the content of the new, empty file fd. Returns 0, or ENOTSUP where the file system has no
// O_DIRECT (the file is then as empty as before), or the errno of what failed.
int writeWholeDirect(int fd, ByteView data);

// Fills buffer from offset; returns the bytes read (fewer only at the end of the file). Throws systemError.
std::size_t readFileDirect(const std::filesystem::path& path, std::uint64_t offset, MutableByteView buffer);

}  // namespace enamel
