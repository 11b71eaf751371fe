// Law: a random tree of files goes in and comes out equal, with all metadata; backed up again unchanged, it
// is the same tree; changed at random, what comes out is what is there now.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <vector>

#include "base/file.h"
#include "files/testing/file_tree.h"

namespace enamel::files {
namespace {

namespace fs = std::filesystem;

rc::Gen<std::string> anyName() {
  return rc::gen::suchThat(
      rc::gen::map(rc::gen::container<std::string>(rc::gen::arbitrary<char>()),
                   [](std::string name) {
                     std::erase_if(name, [](char c) { return c == '/' || c == '\0'; });
                     return name.substr(0, 100);
                   }),
      [](const std::string& name) { return !name.empty() && name != "." && name != ".."; });
}

// Does one random thing below the folders: makes, changes or removes something.
void disturb(std::vector<fs::path>& folders, std::vector<fs::path>& files) {
  const fs::path folder = *rc::gen::elementOf(folders);
  const fs::path path = folder / *anyName();
  const bool fresh = !fs::exists(fs::symlink_status(path));
  const auto seed = *rc::gen::inRange<std::uint64_t>(0, 5);  // few: equal contents do occur
  const auto size = *rc::gen::element<std::size_t>(0, 1, 100, 5000, 70'000, 600'000);
  switch (*rc::gen::inRange(0, 8)) {
    case 0:
      if (fresh) {
        fs::create_directory(path);
        folders.push_back(path);
      }
      break;
    case 1:
      if (fresh) fs::create_symlink(*anyName(), path);
      break;
    case 2:
      if (fresh && !files.empty()) fs::create_hard_link(*rc::gen::elementOf(files), path);
      break;
    case 3:
      if (fresh) RC_ASSERT(mkfifo(path.c_str(), 0600) == 0);
      break;
    case 4:
      if (!files.empty()) {
        const fs::path file = *rc::gen::elementOf(files);
        RC_ASSERT(chmod(file.c_str(), static_cast<mode_t>(*rc::gen::inRange(0, 010000)) | 0600) == 0);
        setTimes(file, *rc::gen::inRange<std::int64_t>(-1'000'000'000, 4'000'000'000),
                 *rc::gen::inRange<std::int64_t>(0, 1'000'000'000));
        const std::string value = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
        RC_ASSERT(setxattr(file.c_str(), "user.enamel", value.data(), value.size(), 0) == 0);
      }
      break;
    case 5:
      if (!files.empty()) {
        fs::remove(files.back());
        files.pop_back();
      }
      break;
    default:
      if (fresh) {
        writeText(path, noise(size, seed));
        files.push_back(path);
      } else if (fs::is_regular_file(fs::symlink_status(path))) {
        writeText(path, noise(size, seed));
      }
  }
}

RC_GTEST_PROP(FilesRoundTrip, whatGoesInComesOut, ()) {
  const TempDirectory temp;
  const fs::path source = temp.path() / "source";
  fs::create_directory(source);
  std::vector<fs::path> folders{source}, files;
  TestRepository repository;
  const auto threads = static_cast<std::size_t>(*rc::gen::inRange(1, 4));
  const ArchiveOptions options{.threads = threads, .priority = Priority::kNormal};
  std::optional<repository::BlobId> parent;
  for (int round = 0; round < 2; ++round) {
    for (int i = *rc::gen::inRange(0, 25); i > 0; --i) disturb(folders, files);
    const ArchiveResult stored = repository.archive(source, parent, options);
    RC_ASSERT(stored.errors.empty());
    for (const Problem& warning : stored.warnings)
      RC_ASSERT(warning.what.find("is a link to a folder") != std::string::npos);
    repository.reopen();
    const fs::path target = temp.path() / ("target " + std::to_string(round));
    const RestoreResult restored = repository.restore(*stored.root.subtree, target, {.threads = threads});
    RC_ASSERT(restored.errors.empty());
    RC_ASSERT(describeTree(source) == describeTree(target));
    parent = stored.root.subtree;

    const ArchiveResult again = repository.archive(source, parent, options);
    RC_ASSERT(again.root.subtree == parent);
    RC_ASSERT(again.stats.files_unmodified == again.stats.files);
    RC_ASSERT(repository.stats().data_blobs == 0U);
    RC_ASSERT(repository.stats().tree_blobs == 0U);
  }
}

}  // namespace
}  // namespace enamel::files
