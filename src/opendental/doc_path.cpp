#include "opendental/doc_path.h"

#include <algorithm>
#include <optional>

#include "base/trim.h"

namespace enamel::opendental {
namespace {

constexpr std::string_view kWindowsSeparators = "\\/";
constexpr std::string_view kUnixSeparators = "/";

// The parts between separators; nullopt if one leads out of its folder or can be in no name.
std::optional<std::vector<std::string>> partsOf(std::string_view path, std::string_view separators) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find_first_of(separators));
    path.remove_prefix(std::min(part.size() + 1, path.size()));
    if (part.empty() || part == ".") continue;
    const bool control = std::any_of(part.begin(), part.end(), [](unsigned char c) { return c < 0x20; });
    if (part == ".." || control) return std::nullopt;
    parts.emplace_back(part);
  }
  return parts;
}

bool isWindowsSeparator(char c) {
  return kWindowsSeparators.find(c) != std::string_view::npos;
}

bool isLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

DocPath drivePath(DocPath path) {
  // "C:Images" is below whatever folder a program happens to be in.
  if (path.text.size() > 2 && !isWindowsSeparator(path.text[2])) return path;
  auto folders = partsOf(std::string_view(path.text).substr(2), kWindowsSeparators);
  if (!folders) return path;
  path.kind = DocPathKind::kDrive;
  path.drive = static_cast<char>(path.text[0] & ~0x20);
  path.folders = std::move(*folders);
  return path;
}

DocPath uncPath(DocPath path) {
  auto parts = partsOf(path.text, kWindowsSeparators);
  // "\\?\" and "\\.\" name devices, not servers ("." was left out as a part).
  const bool device = path.text.size() > 2 && (path.text[2] == '?' || path.text[2] == '.');
  if (!parts || parts->size() < 2 || device || isWindowsSeparator(path.text[2])) return path;
  path.kind = DocPathKind::kUnc;
  path.server = (*parts)[0];
  path.share = (*parts)[1];
  path.folders.assign(parts->begin() + 2, parts->end());
  return path;
}

DocPath unixPath(DocPath path) {
  auto folders = partsOf(path.text, kUnixSeparators);
  if (!folders) return path;
  path.kind = DocPathKind::kUnix;
  path.folders = std::move(*folders);
  return path;
}

DocPath parse(std::string_view text) {
  DocPath path{.text = std::string(text)};
  if (text.size() >= 2 && isLetter(text[0]) && text[1] == ':') return drivePath(std::move(path));
  if (text.size() >= 2 && isWindowsSeparator(text[0]) && isWindowsSeparator(text[1])) {
    return uncPath(std::move(path));
  }
  if (text[0] == '/') return unixPath(std::move(path));
  return path;
}

}  // namespace

std::vector<DocPath> parseDocPaths(std::string_view preference) {
  std::vector<DocPath> paths;
  while (!preference.empty()) {
    const std::string_view part = preference.substr(0, preference.find(';'));
    preference.remove_prefix(std::min(part.size() + 1, preference.size()));
    if (const std::string_view text = trimmed(part); !text.empty()) paths.push_back(parse(text));
  }
  return paths;
}

}  // namespace enamel::opendental
