#include "storage/local.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

#include "base/direct_io.h"
#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "hash/sha256.h"

namespace enamel::storage {
namespace fs = std::filesystem;

namespace {

constexpr int kPackFolders = 256;

std::string folderName(FileType type) {
  switch (type) {
    case FileType::kConfig:
      return "";
    case FileType::kKey:
      return "keys";
    case FileType::kLock:
      return "locks";
    case FileType::kSnapshot:
      return "snapshots";
    case FileType::kIndex:
      return "index";
    case FileType::kPack:
      return "data";
  }
  ENAMEL_CHECK(false);
}

bool isFileName(std::string_view name) {
  return Sha256::parse(name).has_value();
}

// Calls on_entry(name, size) for each regular file of a folder. A folder that is not there is empty.
template <class OnEntry>
void forEachFile(const fs::path& folder, OnEntry on_entry) {
  DIR* dir = opendir(folder.c_str());
  if (dir == nullptr) {
    if (errno == ENOENT) return;
    throw systemError("list " + folder.string(), errno);
  }
  const std::unique_ptr<DIR, int (*)(DIR*)> closer(dir, &closedir);
  for (;;) {
    errno = 0;
    const dirent* entry = readdir(dir);  // NOLINT(concurrency-mt-unsafe): each call has its own DIR
    if (entry == nullptr) {
      if (errno != 0) throw systemError("list " + folder.string(), errno);
      return;
    }
    if (!isFileName(entry->d_name)) continue;
    struct stat st {};
    if (fstatat(dirfd(dir), entry->d_name, &st, 0) != 0) {
      if (errno == ENOENT) continue;  // removed while we listed
      throw systemError("stat " + (folder / entry->d_name).string(), errno);
    }
    if (S_ISREG(st.st_mode)) on_entry(std::string(entry->d_name), static_cast<std::uint64_t>(st.st_size));
  }
}

}  // namespace

LocalStorage::LocalStorage(fs::path root) : root_(std::move(root)) {}

fs::path LocalStorage::folderOf(const FileHandle& file) const {
  fs::path folder = root_ / folderName(file.type);
  if (file.type == FileType::kPack) folder /= file.name.substr(0, 2);
  return folder;
}

fs::path LocalStorage::pathOf(const FileHandle& file) const {
  if (file.type == FileType::kConfig) return root_ / "config";
  ENAMEL_CHECK(isFileName(file.name));
  return folderOf(file) / file.name;
}

void LocalStorage::create() {
  if (size({FileType::kConfig, ""})) {
    throw Error(ErrorCode::kExists, "there is a repository in " + root_.string() + " already",
                "use it as it is, or choose another folder");
  }
  const auto make = [](const fs::path& folder) {
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure) throw systemError("create folder " + folder.string(), failure.value());
    if (::chmod(folder.c_str(), 0700) != 0 && errno != EPERM && errno != EOPNOTSUPP) {
      throw systemError("chmod " + folder.string(), errno);
    }
  };
  std::error_code unknown;  // then make() below says what is wrong
  const fs::path root = (fs::weakly_canonical(fs::absolute(root_, unknown), unknown) / "").parent_path();
  fs::path existing = root;
  while (!fs::exists(existing, unknown) && existing.has_relative_path()) existing = existing.parent_path();
  if (existing != root) make(root);
  for (const char* name : {"keys", "locks", "snapshots", "index", "data"}) make(root_ / name);
  for (int i = 0; i < kPackFolders; ++i) {
    const auto byte = static_cast<std::uint8_t>(i);
    make(root_ / "data" / toHex({&byte, 1}));
  }
  syncDirectory(root_ / "data");
  syncDirectory(root_);
  // Every folder that got a new one in it.
  for (fs::path at = root; at != existing;) syncDirectory(at = at.parent_path());
}

void LocalStorage::put(const FileHandle& file, std::span<const ByteView> parts) {
  const fs::path path = pathOf(file);
  if (::access(path.c_str(), F_OK) == 0) {
    throw Error(ErrorCode::kExists, file.describe() + " is in " + root_.string() + " already");
  }
  try {
    writeFileDurably(path, parts, 0400, IfThere::kFail);
  } catch (const Error& e) {
    if (e.code() != ErrorCode::kNotFound) throw;
    if (!size({FileType::kConfig, ""}))
      throw Error(ErrorCode::kIo,
                  std::string(e.what()) + ": the repository in " + root_.string() + " is gone",
                  "see that its disk is still connected and mounted, then run again");
    // restic makes the folders of data/ as needed; so do we where another tool left them out.
    std::error_code ignored;  // the write below reports what matters
    if (fs::create_directories(path.parent_path(), ignored))
      syncDirectory(path.parent_path().parent_path());  // or a power failure takes folder and file
    writeFileDurably(path, parts, 0400, IfThere::kFail);
  }
}

void LocalStorage::getRange(const FileHandle& file, std::uint64_t offset, MutableByteView buffer) {
  const fs::path path = pathOf(file);
  std::size_t read = 0;
  if (buffer.size() >= kDirectBytesMin) {
    read = readFileDirect(path, offset, buffer);
  } else {
    const Fd fd = openFile(path, O_RDONLY);
    read = readFullAt(fd.get(), buffer, offset, path);
  }
  if (read != buffer.size()) throw tooShort(file);
}

Bytes LocalStorage::get(const FileHandle& file, std::uint64_t size_max) {
  return readFile(pathOf(file), size_max);
}

std::optional<std::uint64_t> LocalStorage::size(const FileHandle& file) {
  struct stat st {};
  const fs::path path = pathOf(file);
  if (::stat(path.c_str(), &st) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw systemError("stat " + path.string(), errno);
  }
  return static_cast<std::uint64_t>(st.st_size);
}

std::vector<FileInfo> LocalStorage::list(FileType type) {
  std::vector<FileInfo> files;
  const auto add = [&](std::string name, std::uint64_t size) { files.push_back({std::move(name), size}); };
  if (type == FileType::kConfig) {
    if (const auto bytes = size({type, ""})) add("", *bytes);
  } else if (type == FileType::kPack) {
    for (int i = 0; i < kPackFolders; ++i) {
      const auto byte = static_cast<std::uint8_t>(i);
      forEachFile(root_ / "data" / toHex({&byte, 1}), add);
    }
  } else {
    forEachFile(root_ / folderName(type), add);
  }
  return files;
}

void LocalStorage::remove(const FileHandle& file) {
  const fs::path path = pathOf(file);
  if (::unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return;
    throw systemError("remove " + path.string(), errno);
  }
  // Packs go after what named them: it must not be back after a power failure.
  if (file.type == FileType::kSnapshot || file.type == FileType::kIndex) syncDirectory(path.parent_path());
}

void LocalStorage::sweep(std::chrono::seconds min_age) {
  const auto now = fs::file_time_type::clock::now();
  std::error_code ignored;  // whatever cannot be looked at or removed stays: it takes space and does no harm
  const auto sweepFolder = [&](const fs::path& folder) {
    for (fs::directory_iterator it(folder, ignored), end; it != end; it.increment(ignored)) {
      const std::string name = it->path().filename().string();
      const std::size_t mark = name.find("-tmp-");
      if (mark == std::string::npos ||
          !(isFileName(name.substr(0, mark)) || name.substr(0, mark) == "config"))
        continue;
      const auto written = fs::last_write_time(it->path(), ignored);
      if (!ignored && now - written >= min_age) fs::remove(it->path(), ignored);
    }
  };
  for (const char* name : {"", "keys", "locks", "snapshots", "index"}) sweepFolder(root_ / name);
  for (fs::directory_iterator it(root_ / "data", ignored), end; it != end; it.increment(ignored))
    sweepFolder(it->path());
}

}  // namespace enamel::storage
