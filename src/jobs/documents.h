#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "jobs/image_folder.h"
#include "mariadb/manifest.h"
#include "mariadb/url.h"
#include "repository/repository.h"

namespace enamel::jobs {

// Holds a running practice's `document` rows against the image files just stored. The database is in use, so
// it is asked in small steps by primary key: no statement keeps a MyISAM table locked for more than a moment.
class DocumentCheck {
 public:
  // Notes the newest document there is; called right after the database's instant, so that rows added while
  // the images are walked do not count. nullopt: no Open Dental database, or one that keeps its images
  // elsewhere. Throws kNotFound if a table that it takes is not in the backup.
  static std::optional<DocumentCheck> begin(const mariadb::Address& address,
                                            const mariadb::Manifest& manifest);

  // What is missing, in words: a count and the first names; nothing if each row has its file. Rows whose file
  // was left out on request are counted apart. images: the tree of the image folder; folder: where it was
  // read from.
  std::vector<std::string> compare(const repository::Repository& repository, const repository::BlobId& images,
                                   const ImageFolder& folder, const CancelToken& cancel) const;

 private:
  DocumentCheck(mariadb::Address address, std::int64_t newest)
      : address_(std::move(address)), newest_(newest) {}

  mariadb::Address address_;
  std::int64_t newest_;  // DocNum
};

// The paths of all files below a tree, kept as one number each: a million images take 8 MB.
class FileNameSet {
 public:
  FileNameSet(const repository::Repository& repository, const repository::BlobId& tree,
              const CancelToken& cancel);
  // Upper and lower case count as the same: the practice's own server is usually Windows.
  bool has(const std::string& path) const;

 private:
  std::vector<std::uint64_t> hashes_;  // sorted
};

}  // namespace enamel::jobs
