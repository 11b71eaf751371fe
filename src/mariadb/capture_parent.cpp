#include "mariadb/capture_parent.h"

#include "base/error.h"

namespace enamel::mariadb {
namespace {

constexpr std::uint64_t kManifestBytesMax = 256U << 20;

}  // namespace

CaptureParent loadCaptureParent(const repository::Repository& repository,
                                const std::optional<repository::BlobId>& database_tree,
                                const std::string& stem, std::string& warning) {
  CaptureParent parent;
  if (!database_tree) return parent;
  try {
    CaptureParent found;
    found.root = repository.loadTree(*database_tree);
    if (const auto* folder = found.root.find(stem); folder != nullptr && folder->subtree) {
      found.folder = *folder;
      found.tables = repository.loadTree(*folder->subtree);
    }
    const auto* manifest = found.root.find(kManifestFileName);
    if (manifest != nullptr && manifest->size <= kManifestBytesMax) {
      Bytes json;
      for (const repository::BlobId& id : manifest->content) {
        const Bytes blob = repository.loadBlob(repository::BlobType::kData, id);
        json.insert(json.end(), blob.begin(), blob.end());
      }
      found.manifest = decodeManifest(json);
      found.instant_ns = manifest->mtime.ns;
    }
    parent = std::move(found);
  } catch (const Error& e) {
    if (e.code() != ErrorCode::kCorrupt && e.code() != ErrorCode::kNotFound &&
        e.code() != ErrorCode::kUnsupported)
      throw;
    warning = std::string("the backup before this one is damaged, so everything was read again: ") + e.what();
  }
  return parent;
}

std::string definitionsFileName(const std::string& stem) {
  return stem + ".sql";
}

std::string accountsFileName(const std::string& stem) {
  return stem == "accounts" ? "accounts.users.sql" : "accounts.sql";
}

}  // namespace enamel::mariadb
