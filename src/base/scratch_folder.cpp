#include "base/scratch_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <exception>
#include <optional>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace enamel {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPrefix = "enamel-scratch-";
constexpr const char* kLockName = "enamel-scratch.lock";
constexpr const char* kNewLockName = "enamel-scratch.lock-new";

// The lock file comes under its name when it is locked: whoever finds it unlocked under that name knows that
// the process which made it is gone.
Fd makeLock(const fs::path& folder) {
  const fs::path fresh = folder / kNewLockName;
  Fd fd = openFile(fresh, O_RDWR | O_CREAT | O_EXCL, 0600);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) throw systemError("lock " + fresh.string(), errno);
  fs::rename(fresh, folder / kLockName);
  return fd;
}

// The lock of an abandoned scratch folder, taken; nothing if it is none, or if there is any doubt.
std::optional<Fd> takeAbandoned(const fs::path& folder) {
  struct stat st {};
  if (!ScratchFolder::isOne(folder)) return std::nullopt;
  Fd fd(::open((folder / kLockName).c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd || ::fstat(fd.get(), &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != ::geteuid())
    return std::nullopt;
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return std::nullopt;
  return fd;
}

}  // namespace

ScratchFolder::ScratchFolder(const std::string& purpose, const fs::path& parent)
    : folder_(std::string(kPrefix) + purpose + "-", parent) {
  lock_ = makeLock(folder_.path());
}

fs::path ScratchFolder::parentOf(const fs::path& parent) {
  return parent.empty() ? TempDirectory::defaultParent() : parent;
}

bool ScratchFolder::isOne(const fs::path& folder) {
  struct stat st {};
  return folder.filename().string().rfind(kPrefix, 0) == 0 && ::lstat(folder.c_str(), &st) == 0 &&
         S_ISDIR(st.st_mode) && st.st_uid == ::geteuid();
}

std::vector<fs::path> ScratchFolder::removeAbandoned(
    const fs::path& parent, const std::function<void(const fs::path&)>& before_removal) {
  std::vector<fs::path> found, removed;
  std::error_code error;
  for (fs::directory_iterator it(parentOf(parent), error), end; !error && it != end; it.increment(error)) {
    if (it->path().filename().string().rfind(kPrefix, 0) == 0) found.push_back(it->path());
  }
  for (const fs::path& folder : found) {
    const std::optional<Fd> lock = takeAbandoned(folder);
    if (!lock) continue;
    try {
      if (before_removal) before_removal(folder);
    } catch (const Error&) {
      continue;
    }
    // The lock file last: what a removal that is cut off leaves is still recognised.
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
      std::error_code ignored;  // then the folder stays, and the next run tries again
      if (it->path().filename() != kLockName) fs::remove_all(it->path(), ignored);
    }
    std::size_t left = 0;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) ++left;
    if (error || left != 1) continue;
    fs::remove_all(folder, error);
    if (!error) removed.push_back(folder);
  }
  return removed;
}

void requireSpace(const fs::path& folder, std::uint64_t bytes_needed, const std::string& purpose,
                  const std::string& option) {
  struct statvfs st {};
  if (::statvfs(folder.c_str(), &st) != 0) throw systemError("look at the folder " + folder.string(), errno);
  const std::uint64_t left = std::uint64_t{st.f_bavail} * st.f_frsize;
  if (left >= bytes_needed) return;
  throw Error(ErrorCode::kNoSpace,
              "the folder " + folder.string() + " has " + formatSize(left) + " left, " + purpose +
                  " need about " + formatSize(bytes_needed),
              "make room there, or choose a folder on a larger disk with " + option);
}

}  // namespace enamel
