#include "jobs/probe_destination.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/fd.h"
#include "base/file.h"
#include "base/time.h"

namespace enamel::jobs {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunkBytes = 1 << 20;
constexpr int kChunksMax = 32;
constexpr double kMeasureSeconds = 2;  // a slow stick is not kept busy for longer
constexpr std::uint64_t kFreeBytesMin = 64 << 20;
constexpr double kSlowMbS = 5;

// The file system's disk as the kernel names it: /dev/sda of /dev/sda1. What has no name there (a network
// folder, btrfs) is told by its own number alone.
std::string diskOf(dev_t device) {
  const std::string numbers = std::to_string(major(device)) + ":" + std::to_string(minor(device));
  std::error_code error;
  fs::path disk = fs::canonical("/sys/dev/block/" + numbers, error);
  if (error) return numbers;
  if (fs::exists(disk / "partition", error)) disk = disk.parent_path();
  return disk.string();
}

std::optional<std::string> diskOf(const fs::path& path) {
  struct stat st {};
  if (::stat(path.c_str(), &st) != 0) return std::nullopt;
  return diskOf(st.st_dev);
}

fs::path nearestThatIsThere(fs::path path) {
  std::error_code error;
  while (!fs::exists(path, error) && path.has_relative_path()) path = path.parent_path();
  return path;
}

class Prober {
 public:
  Prober(const fs::path& folder, const std::vector<fs::path>& sources, const CancelToken& cancel)
      : folder_((folder.has_filename() ? folder : folder.parent_path()).lexically_normal()),
        sources_(sources),
        cancel_(cancel) {}

  DestinationProbe run() {
    if (!folder_.is_absolute()) {
      add("usage", "the place for backups has to be a path from the root", "write it as /...");
      return std::move(probe_);
    }
    lookAtFolder();
    at_ = nearestThatIsThere(folder_);
    std::error_code error;
    if (!fs::is_directory(at_, error)) {
      add("no_folder", at_.string() + " is no folder", "name another place");
      return std::move(probe_);
    }
    lookAtSpace();
    compareWithSources();
    probe_.writable = ::access(at_.c_str(), W_OK | X_OK) == 0;
    if (!probe_.writable)
      add("permission", "this user may not write to " + at_.string(),
          "give the folder to the user that Enamel runs as, or mount it so that this user may write");
    else
      measure();
    return std::move(probe_);
  }

 private:
  void add(const char* code, std::string message, std::string hint) {
    probe_.problems.push_back({.code = code, .message = std::move(message), .hint = std::move(hint)});
  }

  void lookAtFolder() {
    std::error_code error;
    probe_.exists = fs::is_directory(folder_, error);
    if (!probe_.exists) return;
    const fs::directory_iterator first(folder_, error);
    if (error)
      return add("permission", folder_.string() + " cannot be read: " + error.message(),
                 "give the folder to the user that Enamel runs as");
    probe_.empty = first == fs::directory_iterator();
    probe_.is_repository =
        fs::is_regular_file(folder_ / "config", error) && fs::is_directory(folder_ / "keys", error);
    if (!probe_.empty && !probe_.is_repository)
      add("not_empty", "there are other files in " + folder_.string(),
          "name a new folder in it, such as " + (folder_ / "enamel").string());
  }

  void lookAtSpace() {
    struct statvfs space {};
    if (::statvfs(at_.c_str(), &space) != 0) {
      const Error error = systemError(at_.string(), errno);
      return probe_.problems.push_back(ProbeProblem::of(error));
    }
    probe_.free = std::uint64_t{space.f_bavail} * space.f_frsize;
    probe_.total = std::uint64_t{space.f_blocks} * space.f_frsize;
  }

  void compareWithSources() {
    const auto disk = diskOf(at_);
    for (const fs::path& source : sources_) {
      const fs::path normal = source.lexically_normal();
      if (isInside(folder_, normal))
        add("inside_source", "it lies inside of what is backed up: " + source.string(),
            "name a folder elsewhere, best on another disk");
      if (disk && disk == diskOf(source) && !probe_.same_disk_as_data) {
        probe_.same_disk_as_data = true;
        add("same_disk",
            "it is on the same disk as " + source.string() + ": if that disk dies, both are gone",
            "use another disk, a USB disk or a network storage");
      }
    }
  }

  void measure() {
    if (probe_.free < kFreeBytesMin)
      return add("no_space", "there is hardly any space left in " + at_.string(), "use a larger disk");
    try {
      writeAway();
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kCancelled) throw;
      probe_.writable = false;
      probe_.problems.push_back(ProbeProblem::of(error));
      return;
    }
    if (probe_.write_mb_s && *probe_.write_mb_s < kSlowMbS)
      add("slow", "it takes less than 5 MB a second: the first backup of 100 GB would take half a day",
          "use a faster disk, or another port or cable");
  }

  // No name is left behind whatever happens: the file is unlinked before a byte is in it.
  void writeAway() {
    Bytes chunk(kChunkBytes);
    randomBytes(chunk);  // what compresses would be no measure
    std::string name = (at_ / ".enamel-write-test-XXXXXX").string();
    const Fd file(::mkostemp(name.data(), O_CLOEXEC));
    if (file.get() < 0) throw systemError("write to " + at_.string(), errno);
    ::unlink(name.c_str());
    const double begin = monotonicSeconds();
    std::uint64_t written = 0;
    for (int i = 0; i < kChunksMax && monotonicSeconds() - begin < kMeasureSeconds; ++i) {
      cancel_.check();
      writeChunk(file.get(), chunk);
      written += chunk.size();
      if (::fdatasync(file.get()) != 0) throw systemError("write to " + at_.string(), errno);
    }
    const double seconds = std::max(monotonicSeconds() - begin, 1e-6);
    probe_.write_mb_s = static_cast<double>(written) / 1e6 / seconds;
  }

  void writeChunk(int file, ByteView chunk) const {
    while (!chunk.empty()) {
      const ssize_t count = ::write(file, chunk.data(), chunk.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw systemError("write to " + at_.string(), errno);
      chunk = chunk.subspan(static_cast<std::size_t>(count));
    }
  }

  const fs::path folder_;
  const std::vector<fs::path>& sources_;
  const CancelToken& cancel_;
  fs::path at_;
  DestinationProbe probe_;
};

}  // namespace

DestinationProbe probeDestination(const fs::path& folder, const std::vector<fs::path>& sources,
                                  const CancelToken& cancel) {
  return Prober(folder, sources, cancel).run();
}

}  // namespace enamel::jobs
