#include "jobs/image_folder.h"

#include <system_error>

#include "base/error.h"
#include "base/file.h"
#include "jobs/parent.h"

namespace enamel::jobs {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMountHint =
    "check the path; if it is a network folder, see that it is mounted, then run again";

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

// Absolute and without a slash at its end. An exclude may go through a link to the image folder; it is not
// resolved itself, as links inside the image folder are stored as what they are.
fs::path resolveExclude(const fs::path& folder, const std::string& exclude) {
  fs::path path = (folder / exclude).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  if (isInside(path, folder) || !path.has_filename()) return path;
  std::error_code error;
  const fs::path above = fs::weakly_canonical(path.parent_path(), error);
  return error ? path : above / path.filename();
}

void leaveOut(ImageFolder& images, const fs::path& path) {
  images.excludes.push_back(path.string());
  if (isInside(path, images.path) && path != images.path)
    images.recorded_excludes.push_back(
        (fs::path("/") / kImagesName / path.lexically_relative(images.path)).string());
}

}  // namespace

ImageFolder inspectImageFolder(const fs::path& folder, const std::vector<std::string>& excludes,
                               const std::string& repository_location) {
  ImageFolder result;
  result.path = resolve(folder);
  refuseEmpty(result.path);
  for (const std::string& exclude : excludes) {
    const fs::path path = resolveExclude(result.path, exclude);
    if (!isInside(path, result.path) || path == result.path)
      result.warnings.push_back("--exclude " + exclude + " is not inside the image folder " +
                                result.path.string() + " and leaves nothing out");
    else if (!fs::exists(fs::symlink_status(path)))
      result.warnings.push_back("--exclude " + exclude +
                                ": there is no such file or folder in the image folder (it takes "
                                "paths, no patterns)");
    leaveOut(result, path);
  }

  std::error_code error;
  const fs::path repository = fs::canonical(repository_location, error);
  if (error) return result;  // not a local folder
  if (repository == result.path || isInside(result.path, repository))
    throw Error(ErrorCode::kUsage,
                "the image folder " + result.path.string() + " is (in) the repository " + repository.string(),
                "give the folder that holds the practice's images, and keep the repository elsewhere");
  if (isInside(repository, result.path)) {
    leaveOut(result, repository);
    result.warnings.push_back("the repository " + repository.string() +
                              " is inside the image folder and was left out; keep it on another disk");
  }
  return result;
}

}  // namespace enamel::jobs
