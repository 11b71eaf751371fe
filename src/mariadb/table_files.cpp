#include "mariadb/table_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/file_system.h"

namespace enamel::mariadb {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

struct ParsedName {
  std::string stem;
  FileKind kind;
};

// nullopt for files that belong to no table we capture as files.
std::optional<ParsedName> parseName(std::string_view name) {
  if (name.empty() || name.front() == '#' || name.front() == '.') return std::nullopt;
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  const std::string_view ending = name.substr(dot);
  FileKind kind = FileKind::kDefinition;
  if (ending == ".MYD") {
    kind = FileKind::kRows;
  } else if (ending == ".MYI") {
    kind = FileKind::kIndexes;
  } else if (ending != ".frm" && ending != ".par") {
    return std::nullopt;
  }
  std::string_view stem = name.substr(0, dot);
  // t#P#p0, t#P#p0#SP#s1; with #TMP# or #REN# a partition that an ALTER TABLE is making.
  if (stem.find("#TMP#") != stem.npos || stem.find("#REN#") != stem.npos) return std::nullopt;
  stem = stem.substr(0, stem.find('#'));
  return ParsedName{std::string(stem), kind};
}

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

bool TableFileSet::hasRows() const {
  return std::any_of(files.begin(), files.end(), [](const auto& f) { return f.kind == FileKind::kRows; });
}

bool TableFileSet::isMyIsam() const {
  bool definition = false, rows = false, indexes = false;
  for (const TableFile& file : files) {
    definition |= file.name.ends_with(".frm");
    rows |= file.kind == FileKind::kRows;
    indexes |= file.kind == FileKind::kIndexes;
  }
  return definition && rows && indexes;
}

std::uint64_t TableFileSet::rowBytes() const {
  std::uint64_t bytes = 0;
  for (const TableFile& file : files)
    if (file.kind == FileKind::kRows) bytes += file.stamp.size;
  return bytes;
}

std::int64_t TableFileSet::rowTime() const {
  std::int64_t time = 0;
  for (const TableFile& file : files)
    if (file.kind == FileKind::kRows) time = std::max(time, file.stamp.mtime_ns / 1'000'000'000);
  return time;
}

DatabaseFolder::DatabaseFolder(const std::filesystem::path& path)
    : path_(path), folder_(openFile(path.string(), O_RDONLY | O_DIRECTORY)) {
  remote_ = isRemoteFileSystem(folder_.get());
}

Fd DatabaseFolder::open(const std::string& name) const {
  for (;;) {
    const int fd = ::openat(folder_.get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd >= 0) return Fd(fd);
    if (errno != EINTR) throw systemError("open " + (path_ / name).string(), errno);
  }
}

Fd DatabaseFolder::openUnnamed() const {
  return Fd(::openat(folder_.get(), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
}

std::map<std::string, TableFileSet> DatabaseFolder::list() const {
  // A descriptor of its own: the position in the folder belongs to the open file.
  Fd fd = openFile(path_.string(), O_RDONLY | O_DIRECTORY);
  const std::unique_ptr<DIR, CloseFolder> folder(::fdopendir(fd.get()));
  if (!folder) throw systemError("read " + path_.string(), errno);
  static_cast<void>(fd.release());
  std::map<std::string, TableFileSet> tables;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(folder.get());
    if (entry == nullptr) {
      if (errno != 0) throw systemError("read " + path_.string(), errno);
      break;
    }
    const auto parsed = parseName(entry->d_name);
    if (!parsed) continue;
    TableFile file;
    file.name = entry->d_name;
    file.kind = parsed->kind;
    struct stat info {};
    int failure = 0;
    if (remote_) {
      const Fd opened(::openat(folder_.get(), entry->d_name, O_RDONLY | O_CLOEXEC | O_NONBLOCK));
      if (!opened || ::fstat(opened.get(), &info) != 0) failure = errno;
    } else if (::fstatat(folder_.get(), entry->d_name, &info, 0) != 0) {
      failure = errno;
    }
    if (failure == ENOENT && entry->d_type != DT_LNK) continue;  // vanished just now
    if (failure == 0 && !S_ISREG(info.st_mode)) failure = EINVAL;
    file.stat_error = failure;
    if (failure == 0) {
      file.stamp = {.device = info.st_dev,
                    .inode = info.st_ino,
                    .size = static_cast<std::uint64_t>(info.st_size),
                    .mtime_ns = nanoseconds(info.st_mtim),
                    .ctime_ns = nanoseconds(info.st_ctim)};
      file.mode = info.st_mode;
      file.uid = info.st_uid;
      file.gid = info.st_gid;
    }
    tables[parsed->stem].files.push_back(std::move(file));
  }
  for (auto& [stem, set] : tables)
    std::sort(set.files.begin(), set.files.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
  return tables;
}

}  // namespace enamel::mariadb
