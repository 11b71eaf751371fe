#include "jobs/image_folder.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace enamel::jobs {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMountHint =
    "check the path; if it is a network folder, see that it is mounted, then run again";

bool isInside(const fs::path& path, const fs::path& folder) {
  const auto [in_folder, in_path] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return in_folder == folder.end();
}

fs::path resolve(const fs::path& folder) {
  std::error_code error;
  const fs::path path = fs::canonical(folder, error);
  if (error) {
    Error failure = systemError("image folder " + folder.string(), error.value());
    if (error.value() == ENOENT) failure = Error(failure.code(), failure.what(), kMountHint);
    throw failure;
  }
  if (!fs::is_directory(path, error))
    throw Error(ErrorCode::kUsage, "image folder " + folder.string() + " is not a folder");
  return path;
}

void refuseEmpty(const fs::path& path) {
  std::error_code error;
  const fs::directory_iterator first(path, error);
  if (error) throw systemError("image folder " + path.string(), error.value());
  if (first == fs::directory_iterator())
    throw Error(ErrorCode::kNotFound, "image folder " + path.string() + " is empty", kMountHint);
}

}  // namespace

ImageFolder inspectImageFolder(const fs::path& folder, const std::vector<std::string>& excludes,
                               const std::string& repository_location) {
  ImageFolder result;
  result.path = resolve(folder);
  refuseEmpty(result.path);
  for (const std::string& exclude : excludes) {
    std::string path = (result.path / exclude).lexically_normal().string();
    if (path.size() > 1 && path.back() == '/') path.pop_back();
    result.excludes.push_back(std::move(path));
  }

  std::error_code error;
  const fs::path repository = fs::canonical(repository_location, error);
  if (error) return result;  // not a local folder
  if (repository == result.path || isInside(result.path, repository))
    throw Error(ErrorCode::kUsage,
                "the image folder " + result.path.string() + " is (in) the repository " + repository.string(),
                "give the folder that holds the practice's images, and keep the repository elsewhere");
  if (isInside(repository, result.path)) {
    result.excludes.push_back(repository.string());
    result.warnings.push_back("the repository " + repository.string() +
                              " is inside the image folder and was left out; keep it on another disk");
  }
  return result;
}

}  // namespace enamel::jobs
