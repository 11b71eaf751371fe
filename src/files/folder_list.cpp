#include "files/folder_list.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "files/read_error.h"

namespace enamel::files {

std::vector<ListedName> listNames(int folder_fd) {
  // The system call itself: readdir would allocate for each folder.
  alignas(dirent64) char buffer[32 * 1024];
  std::vector<ListedName> names;
  for (;;) {
    const ssize_t n = getdents64(folder_fd, buffer, sizeof buffer);
    if (n < 0) throw FileReadError(errno);
    if (n == 0) break;
    for (ssize_t at = 0; at < n;) {
      const auto* entry = reinterpret_cast<const dirent64*>(buffer + at);
      at += entry->d_reclen;
      if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
        names.push_back({.name = entry->d_name, .is_folder = entry->d_type == DT_DIR});
    }
  }
  std::sort(names.begin(), names.end(),
            [](const ListedName& a, const ListedName& b) { return a.name < b.name; });
  // A name that is moved while the folder is read may show twice.
  const auto same = [](const ListedName& a, const ListedName& b) { return a.name == b.name; };
  names.erase(std::unique(names.begin(), names.end(), same), names.end());
  return names;
}

std::string readLink(int folder_fd, const std::string& name) {
  std::string target(256, '\0');
  for (;;) {
    const ssize_t n = readlinkat(folder_fd, name.c_str(), target.data(), target.size());
    if (n < 0) throw FileReadError(errno);
    if (static_cast<std::size_t>(n) < target.size()) {
      target.resize(static_cast<std::size_t>(n));
      return target;
    }
    target.resize(target.size() * 2);
  }
}

int openForReading(int folder_fd, const std::string& name) {
  constexpr int kFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  const int fd = ::openat(folder_fd, name.c_str(), kFlags | O_NOATIME);
  if (fd >= 0 || errno != EPERM) return fd;
  return ::openat(folder_fd, name.c_str(), kFlags);  // the file is somebody else's
}

}  // namespace enamel::files
