#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "mariadb/manifest.h"
#include "repository/repository.h"

namespace enamel::mariadb {

// Which table a file of a snapshot's /database/<name> folder belongs to: the stem up to the first '.' or '#'
// (the server's name encoding uses neither), and what follows: ".MYD", "#P#p0.MYI".
struct TableFileName {
  std::string_view stem, rest;
};
TableFileName splitTableFile(std::string_view file);
// Whether the file is put in place as it is: .frm, .MYD, .MYI, .par. Trigger files and the like are not: what
// they say is in <name>.sql.
bool isTableFile(std::string_view file);
// Whether `file` is such a file of the table with that stem, which may hold a '.' or '#' where somebody
// copied files by hand.
bool isFileOfTable(std::string_view file, std::string_view stem);

// Reads the parts of a snapshot's /database tree. Thread-safe. Errors: the repository's, kCorrupt where the
// tree is not as DESIGN.md "A snapshot" has it.
class RestoreSource {
 public:
  RestoreSource(const repository::Repository& repository, const repository::BlobId& database_tree);

  const repository::Repository& repository() const { return repository_; }
  const Manifest& manifest() const { return manifest_; }
  // The folder of the tables' files; its id is of no use if there are none.
  const repository::Tree& folder() const { return folder_; }
  const repository::BlobId& folderId() const { return folder_id_; }

  // nullptr if there is none.
  const repository::Node* file(const ManifestTable& table, std::string_view suffix) const;
  // The table's files that go in place.
  std::vector<const repository::Node*> tableFiles(const ManifestTable& table) const;
  // Bytes of all the table's files.
  std::uint64_t bytesOf(const ManifestTable& table) const;
  // The whole of a text file; kLimit if it is larger than size_max.
  std::string text(const repository::Node& node, std::uint64_t size_max = 64U << 20) const;
  // <name>.sql; empty if there is none.
  std::string definitions() const;

 private:
  const repository::Repository& repository_;
  Manifest manifest_;
  repository::Tree root_;
  repository::Tree folder_;
  repository::BlobId folder_id_;
  std::string folder_name_;
};

// Gives a file's bytes in order, piece by piece, holding one blob at a time.
class NodeReader {
 public:
  NodeReader(const repository::Repository& repository, const repository::Node& node)
      : repository_(repository), node_(node) {}
  // Fills buffer from what is left; 0 at the end.
  std::size_t read(MutableByteView buffer);

 private:
  const repository::Repository& repository_;
  const repository::Node& node_;
  std::size_t next_blob_ = 0;
  Bytes blob_;
  std::size_t position_ = 0;
};

}  // namespace enamel::mariadb
