#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mariadb/manifest.h"
#include "repository/repository.h"

namespace enamel::jobs {

// Which part of a snapshot is wanted: paths such as "/images/A/AdamsTom12" (a folder means all inside) or
// "/database/opendental/patient" (a table means all its files). No paths: everything. A plain value.
class Selection {
 public:
  Selection() = default;
  // Throws kNotFound naming a path that the snapshot does not hold. manifest: of the snapshot's database, if
  // it has one; it tells which files are a table's.
  Selection(const std::vector<std::string>& paths, const repository::Repository& repository,
            const repository::BlobId& root, const std::optional<mariadb::Manifest>& manifest);

  bool everything() const { return all_; }
  // path: relative to the snapshot's root, without a leading slash.
  bool accepts(const std::string& path) const;
  // Whether something below the folder could be accepted.
  bool mayContain(const std::string& folder) const;

  // The tables that are wanted, as the server calls them; nullopt: all of them; empty: none. Throws kUsage
  // for a file of the database that is not a table.
  std::optional<std::vector<std::string>> tables() const;

 private:
  struct Wanted {
    std::string path;          // without leading slash
    bool is_stem = false;      // a table: all files named path.* or path#*
    std::string table;         // not empty: the table this path stands for
    bool is_database = false;  // the whole database
    bool in_database = false;
  };
  Wanted resolve(const std::string& text, const repository::Repository& repository,
                 const repository::BlobId& root, const std::optional<mariadb::Manifest>& manifest) const;

  bool all_ = true;
  std::vector<Wanted> wanted_;
};

}  // namespace enamel::jobs
