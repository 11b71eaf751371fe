#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/file.h"
#include "files/restorer.h"
#include "repository/testing/hostile_index.h"

namespace {

namespace fs = std::filesystem;
using namespace enamel;
using repository::BlobType;
using repository::Node;
using repository::testing::HostileIndex;
using storage::FileType;

// A repository with a tree of some files, and what is in them.
struct Source {
  Source() {
    const auto writer = hostile.repository().newWriter({.upload_threads = 1});
    repository::Tree root;
    for (unsigned f = 0; f < 4; ++f) {
      Node file{.name = "file" + std::to_string(f), .mode = 0644};
      for (unsigned b = 0; b <= f; ++b) {
        const Bytes blob(500 + 100 * b, std::uint8_t('a' + f * (b % 2)));  // some are shared
        file.content.push_back(writer->save(BlobType::kData, blob).id);
        contents[file.name] += asText(blob);
      }
      file.size = contents[file.name].size();
      root.nodes.push_back(file);
    }
    tree = writer->saveTree(root);
    writer->flush();
    truth = hostile.trueIndex();
    for (const auto& info : hostile.storage().list(FileType::kIndex))
      hostile.storage().remove({FileType::kIndex, info.name});
    files = hostile.storage().files();
  }

  HostileIndex hostile;
  repository::BlobId tree;
  std::map<std::string, std::string> contents;
  std::vector<repository::IndexedPack> truth;
  storage::MemoryStorage::Files files;  // without an index
};

fs::path scratchParent() {
  const fs::path memory = "/dev/shm";
  return fs::is_directory(memory) ? memory : fs::path();
}

}  // namespace

// Whatever the index says: a restore ends, and what it does not name as wrong is right.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Source source;
  static const TempDirectory folder("enamel-fuzz-", scratchParent());
  const auto index = HostileIndex::decode({data, size}, source.truth);
  source.hostile.storage().setFiles(source.files);
  source.hostile.repository().saveUnpacked(FileType::kIndex, repository::encodeIndex(index));
  const auto repository = source.hostile.open();
  const fs::path target = folder.path() / "target";
  fs::create_directory(target);
  Progress progress;
  files::RestoreOptions options;
  options.threads = 1;
  options.ownership = false;
  files::RestoreResult result;
  try {
    result = files::restoreTree(*repository, source.tree, target, options, progress, CancelToken::never());
  } catch (const Error&) {  // the tree itself is not where the index says
    fs::remove_all(target);
    return 0;
  }
  std::map<std::string, bool> told;
  for (const files::Problem& problem : result.errors) told[fs::path(problem.path).filename()] = true;
  for (const auto& [name, content] : source.contents) {
    if (told.count(name) != 0) continue;
    const Bytes restored = readFile(target / name);
    ENAMEL_CHECK(asText(restored) == content);
  }
  fs::remove_all(target);
  return 0;
}
