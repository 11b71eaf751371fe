#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "files/problem_list.h"
#include "files/restore_files.h"
#include "files/restore_folders.h"
#include "repository/repository.h"

namespace enamel::files {

// The contents of many files: planned one by one, then written in the order in which they lie in the
// repository, so that each pack is read once, from front to back, and each blob is opened once for all the
// places it belongs to. Memory: about 80 bytes a blob planned, and a thread kRunBytesMax and
// a few blobs of kRunBytesMax together, or one larger.
class RestoreContent {
 public:
  RestoreContent(const repository::Repository& repository, RestoreFiles& files, std::size_t threads,
                 Progress& progress, const CancelToken& cancel);

  // Plans the content of a file. Returns what is wrong with it (then nothing is planned), else empty.
  std::string plan(RestoreFiles::Id file, const std::vector<repository::BlobId>& content, std::uint64_t size);
  std::size_t planned() const { return pieces_.size(); }

  // Writes all that is planned; the plan is empty then. Failures of single files go to RestoreFiles; throws
  // kNoSpace and kCancelled.
  void write();

 private:
  // A blob at a place in a file.
  struct Piece {
    repository::BlobId blob;
    std::uint32_t pack;  // number in packs_
    std::uint32_t offset, stored_bytes, plaintext_bytes;
    bool compressed;
    RestoreFiles::Id file;
    std::uint64_t file_offset;
  };
  // Pieces that are read from their pack at once.
  struct Run {
    std::size_t first, last;   // pieces [first, last)
    std::uint64_t begin, end;  // bytes of the pack that hold all of them, however they overlap
  };
  static constexpr std::uint64_t kRunBytesMax = 4U << 20;
  // Bytes between two blobs that are read along rather than asked for apart.
  static constexpr std::uint64_t kGapBytesMax = 256U << 10;

  // An index may say that different blobs lie at one place: only one of them can be right.
  static bool sameBlob(const Piece& a, const Piece& b);
  std::vector<Run> makeRuns();
  void writeRun(const Run& run, Bytes& buffer);
  std::size_t endOfBlob(std::size_t first, std::size_t last) const;
  void readOneByOne(const Run& run);
  void readBlob(std::size_t first, std::size_t last);
  void writeBlob(std::size_t first, std::size_t last, ByteView data);
  void failBlob(std::size_t first, std::size_t last, const std::string& problem);
  repository::BlobLocation locationOf(const Piece& piece) const;

  const repository::Repository& repository_;
  RestoreFiles& files_;
  const std::size_t threads_;
  Progress& progress_;
  const CancelToken& cancel_;
  std::vector<Piece> pieces_;
  std::vector<repository::PackId> packs_;  // in the order in which the plan first names them
  std::unordered_map<repository::PackId, std::uint32_t> pack_numbers_;
};

}  // namespace enamel::files
