#include "files/folder.h"

#include <fcntl.h>

#include <cerrno>

namespace enamel::files {
namespace {

std::size_t depthOf(const Folder& folder) {
  std::size_t depth = 0;
  for (const Folder* f = folder.parent.get(); f != nullptr; f = f->parent.get()) ++depth;
  return depth;
}

}  // namespace

Folder::~Folder() {
  std::shared_ptr<Folder> last = std::move(parent);
  while (last && last.use_count() == 1) {
    std::shared_ptr<Folder> next = std::move(last->parent);
    last = std::move(next);
  }
}

std::string Folder::path(const std::string& root) const {
  std::vector<const std::string*> names;
  for (const Folder* f = this; f->parent; f = f->parent.get()) names.push_back(&f->node().name);
  std::string out = root;
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    if (out.empty() || out.back() != '/') out += '/';
    out += **name;
  }
  return out;
}

void FolderFds::keepOrClose(Folder& folder) {
  const std::size_t open = open_.load(std::memory_order_relaxed);
  if (!folder.parent || open < kKeepAll || (open < kKeepSome && depthOf(folder) % kSomeDepths == 0)) {
    ++open_;
  } else {
    folder.fd.reset();
  }
}

void FolderFds::close(Folder& folder) {
  if (!folder.fd) return;
  folder.fd.reset();
  --open_;
}

int FolderFds::get(const Folder& folder, Fd& opened) {
  if (folder.fd) return folder.fd.get();
  std::vector<const Folder*> down;
  const Folder* at = &folder;
  for (; !at->fd; at = at->parent.get()) down.push_back(at);
  int fd = at->fd.get();
  for (auto next = down.rbegin(); next != down.rend(); ++next) {
    Fd step(::openat(fd, (*next)->node().name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!step) return -1;
    struct stat st {};
    if (fstat(step.get(), &st) != 0) return -1;
    if (st.st_ino != (*next)->node().inode) {
      errno = ENOENT;  // another folder has taken the name: the one that was scanned is not there
      return -1;
    }
    opened = std::move(step);
    fd = opened.get();
  }
  return fd;
}

}  // namespace enamel::files
