#include "files/restore_folders.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/error.h"

namespace enamel::files {

RestoreFolders::RestoreFolders(const std::string& target) : target_(target) {
  std::error_code error;
  std::filesystem::create_directories(target, error);
  if (error) throw systemError("make folder " + target, error.value());
  root_ = std::make_shared<const Fd>(openFile(target, O_RDONLY | O_DIRECTORY));
  rows_.push_back({.parent = 0, .made = true, .name = {}, .metadata = nullptr});
}

RestoreFolders::Id RestoreFolders::add(Id parent, repository::Node& node) {
  rows_.push_back(
      {.parent = parent, .made = false, .name = node.name, .metadata = std::make_unique<Metadata>(node)});
  return static_cast<Id>(rows_.size() - 1);
}

int RestoreFolders::make(Id id) {
  std::vector<Id> missing;
  for (Id at = id; !rows_[at].made; at = rows_[at].parent) missing.push_back(at);
  for (auto next = missing.rbegin(); next != missing.rend(); ++next) {
    if (const int error = makeOne(rows_[*next])) return error;
    rows_[*next].made = true;
    ++made_;
  }
  return 0;
}

int RestoreFolders::makeOne(const Row& row) {
  const auto parent = open(row.parent);
  if (!parent) return errno;
  const char* name = row.name.c_str();
  // Ours alone until finish() sets the mode: what is inside may be for few eyes.
  if (mkdirat(parent->get(), name, 0700) == 0) return 0;
  if (errno != EEXIST) return errno;
  struct stat st {};
  if (fstatat(parent->get(), name, &st, AT_SYMLINK_NOFOLLOW) != 0) return errno;
  if (S_ISDIR(st.st_mode)) {
    // An earlier restore may have ended with a mode that keeps even us out, unless we are root.
    if ((st.st_mode & S_IRWXU) == S_IRWXU || geteuid() == 0) return 0;
    return chmodNotFollowing(parent->get(), row.name, (st.st_mode & 07777) | S_IRWXU);
  }
  if (unlinkat(parent->get(), name, 0) != 0) return errno;
  return mkdirat(parent->get(), name, 0700) == 0 ? 0 : errno;
}

std::shared_ptr<const Fd> RestoreFolders::open(Id id) {
  std::vector<Id> down;
  Id at = id;
  std::shared_ptr<const Fd> fd;
  while (!(fd = cached(at))) {
    down.push_back(at);
    at = rows_[at].parent;
  }
  for (auto next = down.rbegin(); next != down.rend(); ++next) {
    Fd step(::openat(fd->get(), rows_[*next].name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!step) {
      const int error = errno;
      fd.reset();
      errno = error;
      return nullptr;
    }
    fd = std::make_shared<const Fd>(std::move(step));
    remember(*next, fd);
  }
  return fd;
}

std::shared_ptr<const Fd> RestoreFolders::cached(Id id) {
  if (id == kRoot) return root_;
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(id);
  if (found == open_.end()) return nullptr;
  ages_.splice(ages_.begin(), ages_, found->second.age);
  return found->second.fd;
}

void RestoreFolders::remember(Id id, const std::shared_ptr<const Fd>& fd) {
  const std::lock_guard lock(mutex_);
  if (open_.count(id) != 0) return;  // another thread was faster
  ages_.push_front(id);
  open_[id] = {fd, ages_.begin()};
  if (open_.size() > kOpenMax) {
    open_.erase(ages_.back());
    ages_.pop_back();
  }
}

std::string RestoreFolders::finishOne(Id id, bool ownership) {
  const auto fd = open(id);
  if (!fd) return "its metadata could not be set: " + std::generic_category().message(errno);
  return setMetadata(fd->get(), *rows_[id].metadata, ownership);
}

std::string RestoreFolders::path(Id id) const {
  std::vector<const std::string*> names;
  for (; id != kRoot; id = rows_[id].parent) names.push_back(&rows_[id].name);
  std::string out = target_;
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    if (out.empty() || out.back() != '/') out += '/';
    out += **name;
  }
  return out;
}

std::string RestoreFolders::path(Id id, const std::string& name) const {
  std::string out = path(id);
  if (out.back() != '/') out += '/';
  return out + name;
}

}  // namespace enamel::files
