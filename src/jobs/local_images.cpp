#include "jobs/local_images.h"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "base/error.h"
#include "base/file.h"
#include "base/letter_case.h"

namespace enamel::jobs {
namespace {

using opendental::DocPath;
using opendental::DocPathKind;

constexpr std::size_t kMountsBytesMax = 4 << 20;
constexpr std::size_t kGuessesMax = 200;

struct Mount {
  std::string source, folder;
};

// Blanks and backslashes of names are three octal digits there.
std::string unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = [&](std::size_t k) {
      return i + k < text.size() && text[i + k] >= '0' && text[i + k] <= '7';
    };
    if (text[i] == '\\' && digit(1) && digit(2) && digit(3)) {
      out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::vector<Mount> networkMounts(std::string_view mounts) {
  std::vector<Mount> found;
  std::istringstream lines{std::string(mounts)};
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::string source, folder, type;
    words >> source >> folder >> type;
    if (type == "cifs" || type == "smb3" || type == "nfs" || type == "nfs4")
      found.push_back({.source = unescaped(source), .folder = unescaped(folder)});
  }
  return found;
}

class Guesses {
 public:
  void add(const std::string& folder, const std::vector<std::string>& below) {
    std::string path = folder;
    for (const std::string& name : below) path += "/" + name;
    if (guesses_.size() < kGuessesMax && std::find(guesses_.begin(), guesses_.end(), path) == guesses_.end())
      guesses_.push_back(path);
  }
  std::vector<std::string> take() { return std::move(guesses_); }

 private:
  std::vector<std::string> guesses_;
};

std::string sharePath(const DocPath& path) {
  return upperCase("//" + path.server + "/" + path.share);
}

bool holdsLetterFolder(const std::string& path) {
  std::error_code error;
  for (std::filesystem::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.size() == 1 && it->is_directory(error)) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> imageFolderGuesses(const std::vector<DocPath>& paths, std::string_view mounts) {
  const std::vector<Mount> shares = networkMounts(mounts);
  Guesses guesses;
  for (const DocPath& path : paths)
    if (path.kind == DocPathKind::kUnix) guesses.add("", path.folders);
  for (const DocPath& path : paths) {
    if (path.kind == DocPathKind::kUnc)
      for (const Mount& mount : shares)
        if (upperCase(mount.source) == sharePath(path)) guesses.add(mount.folder, path.folders);
  }
  for (const DocPath& path : paths) {
    for (const Mount& mount : shares) {
      guesses.add(mount.folder, path.folders);
      guesses.add(mount.folder, {});
    }
    const std::string name = path.folders.empty() ? path.share : path.folders.back();
    if (name.empty()) continue;
    for (const char* place : {"/srv", "/mnt", "/media"}) guesses.add(place, {name});
  }
  return guesses.take();
}

std::vector<std::string> localImageFolders(const std::vector<DocPath>& paths) {
  std::string mounts;
  try {
    mounts = asText(readFile("/proc/self/mounts", kMountsBytesMax));
  } catch (const Error&) {
    // Then nothing is known to be mounted.
  }
  std::vector<std::string> folders = imageFolderGuesses(paths, mounts);
  std::erase_if(folders, [](const std::string& folder) { return !holdsLetterFolder(folder); });
  return folders;
}

}  // namespace enamel::jobs
