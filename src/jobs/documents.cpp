#include "jobs/documents.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <functional>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/letter_case.h"
#include "jobs/left_out.h"
#include "mariadb/connection.h"
#include "opendental/practice.h"

namespace enamel::jobs {
namespace {

using mariadb::Connection;
using mariadb::StoredRow;

constexpr std::size_t kRowsAStep = 500;
constexpr std::size_t kNamesMax = 5;
constexpr int kDepthMax = 64;  // the image folder's files lie three or four deep

std::uint64_t hashOf(const std::string& path) {
  return std::hash<std::string>()(upperCase(path));
}

void collect(const repository::Repository& repository, const repository::BlobId& tree_id,
             const std::string& below, int depth, const CancelToken& cancel,
             std::vector<std::uint64_t>& hashes) {
  cancel.check();
  const repository::Tree tree = repository.loadTree(tree_id);
  for (const repository::Node& node : tree.nodes) {
    if (node.subtree && depth < kDepthMax) {
      collect(repository, *node.subtree, below + node.name + "/", depth + 1, cancel, hashes);
    } else if (!node.subtree) {
      hashes.push_back(hashOf(below + node.name));
    }
  }
}

// DocNum as the server gives it; a value that is none must not get into a statement.
std::int64_t parseDocNum(const std::optional<std::string>& text) {
  std::int64_t number = 0;
  const char* begin = text ? text->data() : nullptr;
  const char* end = text ? begin + text->size() : nullptr;
  const auto [stopped, error] = std::from_chars(begin, end, number);
  if (begin == end || error != std::errc() || stopped != end)
    throw Error(ErrorCode::kDatabase, "a DocNum of the table document is not a whole number",
                "documents and images are not compared");
  return number;
}

bool isStored(const mariadb::Manifest& manifest, const char* name) {
  const mariadb::ManifestTable* table = manifest.find(name);
  return table != nullptr && table->error.empty();
}

// Rows whose file is not in the snapshot, for one reason: how many, and the first of them by name.
struct MissingFiles {
  std::uint64_t count = 0;
  std::string names;

  void add(const std::string& name) {
    if (++count <= kNamesMax) names += (names.empty() ? "" : ", ") + name;
  }
  std::string words(const std::string& one, const std::string& many) const {
    return std::to_string(count) + (count == 1 ? one : many) + names + (count > kNamesMax ? ", ..." : "");
  }
};

// Whether the snapshot has each row's file, and if not, why.
class DocumentFiles {
 public:
  DocumentFiles(const FileNameSet& stored, const ImageFolder& folder)
      : stored_(stored), folder_(folder), left_out_(folder.recorded_excludes) {}

  void see(const StoredRow& row) {
    if (!row[1] || row[1]->empty()) return;  // a row that names no file
    const std::string document = "document " + row[0].value_or("?");
    if (!row[2]) return missing_.add(document + " (its patient is missing)");
    const std::string path = opendental::documentPath(*row[2], *row[1]);
    if (path.empty()) return missing_.add(document + " (its folder or file name is not usable)");
    if (stored_.has(path)) return;
    if (left_out_.has(path)) return excluded_.add(path);
    (isThere(path) ? late_ : missing_).add(path);
  }

  std::vector<std::string> warnings() const {
    std::vector<std::string> all;
    if (missing_.count != 0)
      all.push_back(missing_.words(" document of the database without a file in the image folder: ",
                                   " documents of the database without a file in the image folder: "));
    if (excluded_.count != 0)
      all.push_back(excluded_.words(
          " document of the database has its file in what was left out on request (--exclude): ",
          " documents of the database have their files in what was left out on request (--exclude): "));
    if (late_.count != 0)
      all.push_back(
          late_.words(" image came or was moved while the images were read; it is not in this backup, the "
                      "next one has it: ",
                      " images came or were moved while the images were read; they are not in this backup, "
                      "the next one has "
                      "them: "));
    return all;
  }

 private:
  // In the folder itself: of what lies behind a link to elsewhere a backup holds the link only.
  bool isThere(const std::string& path) const {
    std::filesystem::path at = folder_.path;
    std::filesystem::file_status status;
    for (const std::filesystem::path& part : std::filesystem::path(path)) {
      std::error_code error;
      status = std::filesystem::symlink_status(at /= part, error);
      if (!std::filesystem::exists(status) || std::filesystem::is_symlink(status)) return false;
    }
    return std::filesystem::is_regular_file(status);
  }

  const FileNameSet& stored_;
  const ImageFolder& folder_;
  const LeftOut left_out_;
  MissingFiles missing_, excluded_, late_;
};

}  // namespace

FileNameSet::FileNameSet(const repository::Repository& repository, const repository::BlobId& tree,
                         const CancelToken& cancel) {
  collect(repository, tree, "", 0, cancel, hashes_);
  std::sort(hashes_.begin(), hashes_.end());
}

bool FileNameSet::has(const std::string& path) const {
  return std::binary_search(hashes_.begin(), hashes_.end(), hashOf(path));
}

std::optional<DocumentCheck> DocumentCheck::begin(const mariadb::Address& address,
                                                  const mariadb::Manifest& manifest) {
  if (!isStored(manifest, "preference")) return std::nullopt;
  Connection connection(address);
  for (const char* table : {"document", "patient"}) {
    if (isStored(manifest, table)) continue;
    const auto facts = opendental::readPracticeFacts(connection);
    if (!facts || !facts->images_in_folder) return std::nullopt;
    throw Error(ErrorCode::kNotFound, std::string("table ") + table + " is not in the backup");
  }
  const std::string images_in =
      connection.queryValue("SELECT ValueString FROM preference WHERE PrefName = 'AtoZfolderUsed'")
          .value_or("1");
  if (images_in != "1") return std::nullopt;
  const std::optional<std::string> newest = connection.queryValue("SELECT MAX(DocNum) FROM document");
  if (!newest) return std::nullopt;
  return DocumentCheck(address, parseDocNum(newest));
}

std::vector<std::string> DocumentCheck::compare(const repository::Repository& repository,
                                                const repository::BlobId& images, const ImageFolder& folder,
                                                const CancelToken& cancel) const {
  const FileNameSet stored(repository, images, cancel);
  DocumentFiles files(stored, folder);
  Connection connection(address_);
  for (std::int64_t after = std::numeric_limits<std::int64_t>::min();;) {
    cancel.check();
    const std::vector<StoredRow> rows = connection.query(
        "SELECT d.DocNum, d.FileName, p.ImageFolder FROM document d LEFT JOIN patient p ON p.PatNum = "
        "d.PatNum "
        "WHERE d.DocNum > " +
        std::to_string(after) + " AND d.DocNum <= " + std::to_string(newest_) + " ORDER BY d.DocNum LIMIT " +
        std::to_string(kRowsAStep));
    for (const StoredRow& row : rows) files.see(row);
    if (rows.size() < kRowsAStep) break;
    const std::int64_t last = parseDocNum(rows.back().at(0));
    if (last <= after)
      throw Error(ErrorCode::kDatabase, "the server does not give the rows of the table document in order");
    after = last;
  }
  return files.warnings();
}

}  // namespace enamel::jobs
