#include "jobs/left_out.h"

#include <algorithm>
#include <cctype>

#include "jobs/parent.h"

namespace enamel::jobs {
namespace {

std::string lowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

}  // namespace

LeftOut::LeftOut(const std::vector<std::string>& snapshot_excludes) {
  const std::string images = "/" + std::string(kImagesName) + "/";
  for (const std::string& exclude : snapshot_excludes) {
    if (exclude.starts_with(images) && exclude.size() > images.size())
      paths_.push_back(lowerCase(exclude.substr(images.size())));
  }
}

bool LeftOut::has(std::string_view path) const {
  if (paths_.empty()) return false;
  const std::string lower = lowerCase(path);
  return std::any_of(paths_.begin(), paths_.end(), [&](const std::string& left_out) {
    return lower.starts_with(left_out) && (lower.size() == left_out.size() || lower[left_out.size()] == '/');
  });
}

}  // namespace enamel::jobs
