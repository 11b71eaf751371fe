#include "files/restore_content.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "base/error.h"
#include "base/worker_pool.h"

namespace enamel::files {

using repository::BlobLocation;
using repository::BlobType;

namespace {

// Errors that end the restore: more of the same would follow.
bool endsAll(const Error& error) {
  return error.code() == ErrorCode::kNoSpace || error.code() == ErrorCode::kCancelled;
}

}  // namespace

RestoreContent::RestoreContent(const repository::Repository& repository, RestoreFiles& files,
                               std::size_t threads, Progress& progress, const CancelToken& cancel)
    : repository_(repository), files_(files), threads_(threads), progress_(progress), cancel_(cancel) {}

std::string RestoreContent::plan(RestoreFiles::Id file, const std::vector<repository::BlobId>& content,
                                 std::uint64_t size) {
  const std::size_t before = pieces_.size();
  std::uint64_t at = 0;
  for (const repository::BlobId& id : content) {
    const auto location = repository_.locate(BlobType::kData, id);
    if (!location) {
      pieces_.resize(before);
      return "its content is not in the repository: blob " + id.shortHex() + " is in no index";
    }
    const auto [number, fresh] =
        pack_numbers_.try_emplace(location->pack, static_cast<std::uint32_t>(packs_.size()));
    if (fresh) packs_.push_back(location->pack);
    pieces_.push_back({.blob = id,
                       .pack = number->second,
                       .offset = location->offset,
                       .stored_bytes = location->stored_bytes,
                       .plaintext_bytes = location->plaintext_bytes,
                       .compressed = location->compressed,
                       .file = file,
                       .file_offset = at});
    at += location->plaintext_bytes;
  }
  if (at != size) {
    pieces_.resize(before);
    return "the repository says " + std::to_string(size) + " bytes, its blobs have " + std::to_string(at);
  }
  return {};
}

void RestoreContent::write() {
  const std::vector<Run> runs = makeRuns();
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  const std::size_t threads = std::min(threads_, runs.size());
  parallelFor(threads, threads, Priority::kNormal, [&](std::size_t) {
    Bytes buffer;
    try {
      for (std::size_t i = next++; i < runs.size() && !failed; i = next++) writeRun(runs[i], buffer);
    } catch (...) {
      failed = true;
      throw;
    }
  });
  pieces_.clear();
  packs_.clear();
  pack_numbers_.clear();
}

bool RestoreContent::sameBlob(const Piece& a, const Piece& b) {
  return a.pack == b.pack && a.offset == b.offset && a.stored_bytes == b.stored_bytes && a.blob == b.blob;
}

std::vector<RestoreContent::Run> RestoreContent::makeRuns() {
  std::sort(pieces_.begin(), pieces_.end(), [](const Piece& a, const Piece& b) {
    return std::tie(a.pack, a.offset, a.blob, a.file, a.file_offset) <
           std::tie(b.pack, b.offset, b.blob, b.file, b.file_offset);
  });
  std::vector<Run> runs;
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const Piece& piece = pieces_[i];
    const std::uint64_t piece_end = std::uint64_t{piece.offset} + piece.stored_bytes;
    const bool joins = !runs.empty() && pieces_[i - 1].pack == piece.pack &&
                       piece.offset <= runs.back().end + kGapBytesMax &&
                       piece_end <= runs.back().begin + kRunBytesMax;
    if (joins) {
      runs.back().last = i + 1;
      runs.back().end = std::max(runs.back().end, piece_end);
    } else if (i > 0 && sameBlob(pieces_[i - 1], piece)) {
      runs.back().last = i + 1;  // again, and alone longer than a run
    } else {
      runs.push_back({.first = i, .last = i + 1, .begin = piece.offset, .end = piece_end});
    }
  }
  return runs;
}

void RestoreContent::writeRun(const Run& run, Bytes& buffer) {
  cancel_.check();
  buffer.resize(run.end - run.begin);
  bool have_run = true;
  try {
    repository_.storage().getRange({storage::FileType::kPack, packs_[pieces_[run.first].pack].hex()},
                                   run.begin, buffer);
  } catch (const Error& error) {
    if (endsAll(error)) throw;
    have_run = false;  // blob by blob then: what can be read is restored, and errors name what cannot
  }
  for (std::size_t i = run.first; i < run.last;) {
    std::size_t same = i + 1;
    while (same < run.last && sameBlob(pieces_[same], pieces_[i])) ++same;
    writeBlob(i, same,
              have_run ? ByteView(buffer).subspan(pieces_[i].offset - run.begin, pieces_[i].stored_bytes)
                       : ByteView());
    i = same;
  }
}

// Opens the blob of pieces [first, last) and writes it to their places. stored: its bytes in the pack, empty
// if they could not be read with the run.
void RestoreContent::writeBlob(std::size_t first, std::size_t last, ByteView stored) {
  const Piece& piece = pieces_[first];
  Bytes data;
  std::string problem;
  try {
    data = stored.empty() ? repository_.loadBlob(BlobType::kData, piece.blob)
                          : repository_.openBlob(piece.blob, locationOf(piece), stored);
    if (data.size() != piece.plaintext_bytes)
      problem = "blob " + piece.blob.shortHex() + " is of another length";
  } catch (const Error& error) {
    if (endsAll(error)) throw;
    problem = error.what();
  }
  for (std::size_t i = first; i < last; ++i) {
    if (problem.empty()) {
      files_.write(pieces_[i].file, pieces_[i].file_offset, data);
      progress_.bytes_done += data.size();
    } else {
      files_.fail(pieces_[i].file, problem);
    }
    files_.pieceDone(pieces_[i].file);
  }
}

BlobLocation RestoreContent::locationOf(const Piece& piece) const {
  return {.pack = packs_[piece.pack],
          .offset = piece.offset,
          .stored_bytes = piece.stored_bytes,
          .plaintext_bytes = piece.plaintext_bytes,
          .compressed = piece.compressed};
}

}  // namespace enamel::files
