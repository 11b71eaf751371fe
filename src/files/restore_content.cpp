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
  const storage::FileHandle pack{storage::FileType::kPack, packs_[pieces_[run.first].pack].hex()};
  try {
    storage::requireRange(repository_.storage(), pack, run.begin, run.end - run.begin);
    buffer.resize(run.end - run.begin);
    repository_.storage().getRange(pack, run.begin, buffer);
  } catch (const Error& error) {
    if (endsAll(error)) throw;
    return readOneByOne(run);
  }
  std::vector<repository::StoredBlob> stored;
  std::vector<std::size_t> firsts;  // the first piece of each of them
  for (std::size_t i = run.first; i < run.last; i = endOfBlob(i, run.last)) {
    const Piece& piece = pieces_[i];
    stored.push_back({.id = piece.blob,
                      .location = locationOf(piece),
                      .stored = ByteView(buffer).subspan(piece.offset - run.begin, piece.stored_bytes)});
    firsts.push_back(i);
  }
  repository_.openBlobs(
      stored,
      [&](std::size_t n, ByteView data) { writeBlob(firsts[n], endOfBlob(firsts[n], run.last), data); },
      // It may lie in another pack, too.
      [&](std::size_t n, const Error&) { readBlob(firsts[n], endOfBlob(firsts[n], run.last)); });
}

// Pieces [first, result) are the same blob's.
std::size_t RestoreContent::endOfBlob(std::size_t first, std::size_t last) const {
  std::size_t end = first + 1;
  while (end < last && sameBlob(pieces_[end], pieces_[first])) ++end;
  return end;
}

// Where a run cannot be read: what can be is restored, and errors name what cannot.
void RestoreContent::readOneByOne(const Run& run) {
  for (std::size_t i = run.first, end; i < run.last; i = end) {
    end = endOfBlob(i, run.last);
    readBlob(i, end);
  }
}

// The blob of pieces [first, last) by itself, from wherever it can be had.
void RestoreContent::readBlob(std::size_t first, std::size_t last) {
  Bytes data;
  try {
    data = repository_.loadBlob(BlobType::kData, pieces_[first].blob);
  } catch (const Error& error) {
    if (endsAll(error)) throw;
    return failBlob(first, last, error.what());
  }
  writeBlob(first, last, data);
}

// Writes the blob of pieces [first, last) to their places.
void RestoreContent::writeBlob(std::size_t first, std::size_t last, ByteView data) {
  if (data.size() != pieces_[first].plaintext_bytes)
    return failBlob(first, last, "blob " + pieces_[first].blob.shortHex() + " is of another length");
  for (std::size_t i = first; i < last; ++i) {
    files_.write(pieces_[i].file, pieces_[i].file_offset, data);
    progress_.bytes_done += data.size();
    files_.pieceDone(pieces_[i].file);
  }
}

void RestoreContent::failBlob(std::size_t first, std::size_t last, const std::string& problem) {
  for (std::size_t i = first; i < last; ++i) {
    files_.fail(pieces_[i].file, problem);
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
