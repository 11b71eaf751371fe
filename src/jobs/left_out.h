#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace enamel::jobs {

// What a backup left out of the image folder because it was told to (--exclude), as the snapshot records it:
// in its field `excludes`, as paths in the snapshot ("/images/A/AdamsTom12"). Patterns that other programs
// write there are not understood and count as nothing.
class LeftOut {
 public:
  LeftOut() = default;
  explicit LeftOut(const std::vector<std::string>& snapshot_excludes);

  bool empty() const { return paths_.empty(); }
  // path: below the image folder ("A/AdamsTom12/scan.jpg"). Upper and lower case count as the same, as
  // everywhere where a document's name is looked up.
  bool has(std::string_view path) const;

 private:
  std::vector<std::string> paths_;  // below the image folder, upper case
};

}  // namespace enamel::jobs
