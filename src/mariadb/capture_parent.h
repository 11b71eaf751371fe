#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mariadb/manifest.h"
#include "repository/repository.h"
#include "repository/tree.h"

namespace enamel::mariadb {

// What the parent snapshot holds of the same database: used to read less, never needed.
struct CaptureParent {
  repository::Tree root;                   // of /database
  std::optional<repository::Tree> tables;  // of /database/<name>
  std::optional<repository::Node> folder;  // its node
  std::optional<Manifest> manifest;
  std::int64_t instant_ns = 0;  // by the server's clock
};

// Empty, with a warning where something is damaged, if there is no parent or it is another database's.
CaptureParent loadCaptureParent(const repository::Repository& repository,
                                const std::optional<repository::BlobId>& database_tree,
                                const std::string& stem, std::string& warning);

// Names inside /database. stem: the database's, encoded.
std::string definitionsFileName(const std::string& stem);
// "accounts.sql", or another name where a database called accounts takes that.
std::string accountsFileName(const std::string& stem);
inline constexpr const char* kManifestFileName = "manifest.json";

}  // namespace enamel::mariadb
