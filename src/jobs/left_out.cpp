#include "jobs/left_out.h"

#include <algorithm>

#include "base/letter_case.h"
#include "jobs/parent.h"

namespace enamel::jobs {

LeftOut::LeftOut(const std::vector<std::string>& snapshot_excludes) {
  const std::string images = "/" + std::string(kImagesName) + "/";
  for (const std::string& exclude : snapshot_excludes) {
    if (exclude.starts_with(images) && exclude.size() > images.size())
      paths_.push_back(upperCase(exclude.substr(images.size())));
  }
}

bool LeftOut::has(std::string_view path) const {
  if (paths_.empty()) return false;
  const std::string upper = upperCase(path);
  return std::any_of(paths_.begin(), paths_.end(), [&](const std::string& left_out) {
    return upper.starts_with(left_out) && (upper.size() == left_out.size() || upper[left_out.size()] == '/');
  });
}

}  // namespace enamel::jobs
