#include "base/file.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <utility>
#include <vector>

#include "base/direct_io.h"
#include "base/error.h"
#include "base/fd.h"

namespace enamel {
namespace fs = std::filesystem;

namespace {

// rename() that never replaces. File systems that cannot do it in one step (some network mounts) get a hard
// link, which does not replace either, and those without links a look before the rename.
void renameNew(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return;
  if (errno != EINVAL && errno != ENOSYS) throw systemError("rename to " + to.string(), errno);
  if (::link(from.c_str(), to.c_str()) == 0) {
    ::unlink(from.c_str());  // best effort: a second name that is left is a temporary file, swept later
    return;
  }
  if (errno == EEXIST || ::access(to.c_str(), F_OK) == 0)
    throw systemError("rename to " + to.string(), EEXIST);
  if (::rename(from.c_str(), to.c_str()) != 0) throw systemError("rename to " + to.string(), errno);
}

}  // namespace

Bytes readFile(const fs::path& path, std::uint64_t size_max) {
  const Fd fd = openFile(path, O_RDONLY);
  struct stat st {};
  if (fstat(fd.get(), &st) != 0) throw systemError("stat " + path.string(), errno);
  if (S_ISDIR(st.st_mode)) throw systemError("read " + path.string(), EISDIR);
  // Grows with what is read, not with what stat promises: pipes and /proc say 0.
  Bytes out;
  std::size_t filled = 0;
  out.resize(static_cast<std::size_t>(
      st.st_size > 0 && static_cast<std::uint64_t>(st.st_size) <= size_max ? st.st_size + 1 : 4096));
  for (;;) {
    filled += readFull(fd.get(), MutableByteView(out).subspan(filled), path);
    if (filled > size_max) {
      throw Error(ErrorCode::kLimit,
                  path.string() + " is larger than the " + formatSize(size_max) + " expected here");
    }
    if (filled < out.size()) break;
    out.resize(out.size() * 2);
  }
  out.resize(filled);
  return out;
}

bool isInside(const fs::path& path, const fs::path& folder) {
  const auto [in_folder, in_path] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return in_folder == folder.end();
}

void syncDirectory(const fs::path& path) {
  const Fd fd = openFile(path.empty() ? "." : path.string(), O_RDONLY | O_DIRECTORY);
  if (fsync(fd.get()) == 0) return;
  // The file system (network mounts and FUSE say it in these ways) cannot sync folders: there is nothing more
  // to do then.
  if (errno != EINVAL && errno != ENOTSUP && errno != ENOENT && errno != ENOSYS)
    throw systemError("fsync " + path.string(), errno);
}

void writeFileDurably(const fs::path& path, std::span<const ByteView> parts, mode_t mode, IfThere if_there) {
  std::uint8_t salt[8];
  randomBytes(salt);
  const fs::path temporary = path.string() + "-tmp-" + toHex(salt);
  try {
    std::size_t bytes = 0;
    for (const ByteView part : parts) bytes += part.size();
    Fd fd;
    if (bytes >= kDirectBytesMin) {
      fd = createFileDirect(temporary, parts, 0600);
    } else {
      fd = openFile(temporary, O_WRONLY | O_CREAT | O_EXCL, 0600);
      for (const ByteView part : parts) writeFull(fd.get(), part, temporary);
    }
    if (fchmod(fd.get(), mode) != 0 && errno != EPERM && errno != EOPNOTSUPP) {
      throw systemError("chmod " + temporary.string(), errno);
    }
    if (fsync(fd.get()) != 0) throw systemError("fsync " + temporary.string(), errno);
    if (::close(fd.release()) != 0) throw systemError("close " + temporary.string(), errno);
    if (if_there == IfThere::kFail) {
      renameNew(temporary, path);
    } else if (::rename(temporary.c_str(), path.c_str()) != 0) {
      throw systemError("rename to " + path.string(), errno);
    }
  } catch (...) {
    ::unlink(temporary.c_str());  // best effort: the error that brought us here is the one to report
    throw;
  }
  syncDirectory(path.parent_path());
}

fs::path TempDirectory::defaultParent() {
  const char* tmp =
      std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe): nothing here sets the environment
  return tmp != nullptr && *tmp != '\0' ? tmp : "/tmp";
}

TempDirectory::TempDirectory(const std::string& prefix, const fs::path& parent) {
  const fs::path base = parent.empty() ? defaultParent() : parent;
  std::string pattern = (base / (prefix + "XXXXXX")).string();
  if (mkdtemp(pattern.data()) == nullptr) throw systemError("create a folder in " + base.string(), errno);
  path_ = pattern;
}

TempDirectory::TempDirectory(TempDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TempDirectory::~TempDirectory() {
  if (path_.empty()) return;
  std::error_code ignored;  // a destructor cannot report; a left-over temporary folder harms nobody
  fs::remove_all(path_, ignored);
}

void randomBytes(MutableByteView buffer) {
  std::size_t done = 0;
  while (done < buffer.size()) {
    const ssize_t n = getrandom(buffer.data() + done, buffer.size() - done, 0);
    if (n < 0) {
      if (errno == EINTR) continue;
      throw systemError("getrandom", errno);
    }
    done += static_cast<std::size_t>(n);
  }
}

}  // namespace enamel
