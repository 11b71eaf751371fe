#include "files/restore_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "files/sparse_write.h"
#include "hash/sha256.h"

namespace enamel::files {

int makeFile(int folder_fd, const std::string& name) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const int fd = ::openat(folder_fd, name.c_str(), kFlags, 0600);
  if (fd >= 0 || errno != EEXIST) return fd;
  // Removed, not truncated: other names of the file that is there keep their content.
  if (unlinkat(folder_fd, name.c_str(), 0) != 0) return -1;
  return ::openat(folder_fd, name.c_str(), kFlags, 0600);
}

RestoreFiles::File::File(RestoreFolders::Id in_folder, repository::Node& node)
    : folder(in_folder),
      name(node.name),
      size(node.size),
      pieces(node.content.size()),
      metadata(node),
      pieces_left(node.content.size()) {}

RestoreFiles::Id RestoreFiles::add(RestoreFolders::Id folder, repository::Node& node) {
  files_.emplace_back(folder, node);
  return static_cast<Id>(files_.size() - 1);
}

RestoreFiles::~RestoreFiles() {
  for (const File& file : files_) {
    if (!file.made || file.pieces_left == 0) continue;
    if (const auto folder = folders_.open(file.folder))
      unlinkat(folder->get(), temporaryName(file).c_str(), 0);  // best effort: the next restore replaces it
  }
}

void RestoreFiles::clear() {
  ENAMEL_CHECK(open_.empty());
  files_.clear();
}

void RestoreFiles::write(Id id, std::uint64_t offset, ByteView data) {
  const File& file = files_[id];
  if (file.failed) return;
  if (file.pieces <= 1) return writeWhole(id, data);
  const int fd = openGrowing(id);
  if (fd < 0) return failWith(id, "open", errno);
  const int error = writeSparse(fd, data, offset);
  release(id);
  if (error != 0) failWith(id, "write", error);
}

void RestoreFiles::writeWhole(Id id, ByteView data) {
  const File& file = files_[id];
  const auto folder = folders_.open(file.folder);
  if (!folder) return failWith(id, "open the folder of", errno);
  const std::string name = temporaryName(file);
  const Fd fd(makeFile(folder->get(), name));
  if (!fd) return failWith(id, "make", errno);
  if (const int error = whole_files_.write(fd.get(), data)) {
    unlinkat(folder->get(), name.c_str(), 0);  // best effort: the error names the file
    return failWith(id, "write", error);
  }
  const std::string problem = setMetadata(fd.get(), file.metadata, ownership_);
  if (const int error = putInPlace(folder->get(), file)) return failWith(id, "put in place", error);
  if (!problem.empty()) errors_.add(folders_.path(file.folder, file.name), problem);
  ++restored_files_;
  restored_bytes_ += data.size();
  ++progress_.files_done;
}

// The descriptor of a file of several pieces, in use until release(). -1 with errno set.
int RestoreFiles::openGrowing(Id id) {
  const std::lock_guard lock(mutex_);
  if (const auto found = open_.find(id); found != open_.end()) {
    ++found->second.users;
    ages_.splice(ages_.begin(), ages_, found->second.age);
    return found->second.fd.get();
  }
  File& file = files_[id];
  const auto folder = folders_.open(file.folder);
  if (!folder) return -1;
  const std::string name = temporaryName(file);
  Fd fd(file.made ? ::openat(folder->get(), name.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
                  : makeFile(folder->get(), name));
  if (!fd) return -1;
  // The whole length from the start: holes need no writing.
  if (!file.made && ftruncate(fd.get(), static_cast<off_t>(file.size)) != 0) return -1;
  file.made = true;
  if (open_.size() >= kOpenMax) {
    for (auto oldest = ages_.rbegin(); oldest != ages_.rend(); ++oldest) {
      if (open_[*oldest].users != 0) continue;
      open_.erase(*oldest);
      ages_.erase(std::next(oldest).base());
      break;
    }
  }
  ages_.push_front(id);
  const int number = fd.get();
  open_[id] = {.fd = std::move(fd), .users = 1, .age = ages_.begin()};
  return number;
}

void RestoreFiles::release(Id id) {
  const std::lock_guard lock(mutex_);
  --open_[id].users;
}

void RestoreFiles::pieceDone(Id id) {
  File& file = files_[id];
  if (--file.pieces_left == 0 && file.pieces > 1) finishGrowing(id);
}

void RestoreFiles::finishGrowing(Id id) {
  File& file = files_[id];
  const int number = file.failed ? -1 : openGrowing(id);
  if (!file.failed && number < 0) failWith(id, "open", errno);
  if (!file.failed) {
    const std::string problem = setMetadata(number, file.metadata, ownership_);
    if (!problem.empty()) errors_.add(folders_.path(file.folder, file.name), problem);
  }
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = open_.find(id); found != open_.end()) {
      ages_.erase(found->second.age);
      open_.erase(found);
    }
    if (!file.made) return;
  }
  const auto folder = folders_.open(file.folder);
  if (!folder) return failWith(id, "open the folder of", errno);
  if (file.failed) {
    unlinkat(folder->get(), temporaryName(file).c_str(), 0);  // best effort: the error names the file
    return;
  }
  if (const int error = putInPlace(folder->get(), file)) return failWith(id, "put in place", error);
  ++restored_files_;
  restored_bytes_ += file.size;
  ++progress_.files_done;
}

void RestoreFiles::fail(Id id, const std::string& what) {
  File& file = files_[id];
  if (!file.failed.exchange(true)) errors_.add(folders_.path(file.folder, file.name), what);
}

void RestoreFiles::failWith(Id id, const char* verb, int error_number) {
  const File& file = files_[id];
  if (error_number == ENOSPC || error_number == EDQUOT) {
    Error error = systemError("restore " + folders_.path(file.folder, file.name), error_number);
    error.addHint("make room there and run the restore again, or restore to another place");
    throw error;
  }
  fail(id, error_number == EISDIR
               ? "a folder is in its place"
               : std::string("could not ") + verb + " it: " + std::generic_category().message(error_number));
}

int RestoreFiles::putInPlace(int folder_fd, const File& file) const {
  const std::string name = temporaryName(file);
  if (renameat(folder_fd, name.c_str(), folder_fd, file.name.c_str()) == 0) return 0;
  const int error = errno;
  unlinkat(folder_fd, name.c_str(), 0);  // best effort: the error names the file
  return error;
}

std::string RestoreFiles::temporaryName(const File& file) const {
  return ".enamel-" + Sha256::of(asBytes(tree_ + file.name)).hex().substr(0, 32) + ".part";
}

}  // namespace enamel::files
