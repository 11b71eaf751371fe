#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "mariadb/manifest.h"
#include "mariadb/private_server.h"
#include "repository/repository.h"
#include "storage/memory.h"

namespace enamel::mariadb::testing {

// A repository in memory, opened and with its index loaded.
class MemoryRepository {
 public:
  MemoryRepository();
  repository::Repository& operator*() const { return *repository_; }
  repository::Repository* operator->() const { return repository_.get(); }

 private:
  storage::MemoryStorage storage_;
  std::unique_ptr<repository::Repository> repository_;
};

struct HandSnapshotOptions {
  bool keep_indexes = false;
  bool rows_only = false;
  std::size_t chunk_bytes = 1U << 20;
  // May change a file of the folder or the manifest before it is stored, to make damaged snapshots. content
  // empty afterwards: the file is left out.
  std::function<void(const std::string& name, std::string& content)> change_file = {};
  std::function<void(Manifest&)> change_manifest = {};
};

// A snapshot's /database tree made by hand from a server that nobody writes to: what a capture stores,
// written independently of it. For tests of restoring.
repository::BlobId storeByHand(repository::Repository& repository, const PrivateServer& server,
                               const std::string& database, const HandSnapshotOptions& options = {});

// A checksum of the rows of every table of a database, "name=sum" lines sorted by name.
std::string checksums(const Address& address, const std::string& database);

// Copies a MyISAM table's files as somebody does it in a file manager, for the server's user.
void copyTableFiles(const std::filesystem::path& folder, const std::string& from, const std::string& to);

// Runs statements separated by ";\n".
void runSql(const Address& address, const std::string& database, const std::string& sql);

}  // namespace enamel::mariadb::testing
