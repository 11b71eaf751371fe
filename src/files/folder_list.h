#pragma once

#include <string>
#include <vector>

namespace enamel::files {

struct ListedName {
  std::string name;
  bool is_folder;  // as far as the file system tells in its list: false also where it does not
};

// What is in an open folder but "." and "..", sorted bytewise by name, each name once. Reads from the
// descriptor's position on. Throws FileReadError.
std::vector<ListedName> listNames(int folder_fd);

// The target of a symlink. Throws FileReadError.
std::string readLink(int folder_fd, const std::string& name);

// Opens a file for reading: links not followed, never waiting for the other end of a pipe, and the access
// time left alone where the caller may do that. -1 with errno set if it cannot be opened.
int openForReading(int folder_fd, const std::string& name);

}  // namespace enamel::files
