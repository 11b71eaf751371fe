#include "repository/pack_reader.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "repository/repository_impl.h"

namespace enamel::repository {

using storage::FileHandle;
using storage::FileType;

namespace {

// Blobs are read in runs of about this size.
constexpr std::uint64_t kRunBytes = 4U << 20;

std::string packName(const PackId& id) {
  return "pack " + id.hex();
}

std::uint64_t endOf(const PackedBlob& blob) {
  return std::uint64_t{blob.offset} + blob.stored_bytes;
}

// Those that can be read one after the other, sorted by offset. An index may say anything.
std::vector<PackedBlob> readableBlobs(std::vector<PackedBlob> blobs, const PackId& pack,
                                      std::uint64_t file_bytes,
                                      const std::function<void(const std::string&)>& on_error) {
  std::sort(blobs.begin(), blobs.end(),
            [](const PackedBlob& a, const PackedBlob& b) { return a.offset < b.offset; });
  std::vector<PackedBlob> readable;
  readable.reserve(blobs.size());
  std::uint64_t end = 0;
  for (const PackedBlob& blob : blobs) {
    if (blob.offset < end) {
      on_error(packName(pack) + ": blob " + blob.id.shortHex() + " overlaps the one before it");
    } else if (endOf(blob) > file_bytes) {
      on_error(packName(pack) + ": blob " + blob.id.shortHex() + " reaches past the pack's end");
    } else {
      end = endOf(blob);
      readable.push_back(blob);
    }
  }
  return readable;
}

}  // namespace

std::unordered_map<PackId, std::uint64_t> listPacks(storage::Storage& storage) {
  std::unordered_map<PackId, std::uint64_t> packs;
  for (const auto& info : storage.list(storage::FileType::kPack))
    packs.emplace(PackId(*Sha256::parse(info.name)), info.size);
  return packs;
}

std::vector<PackedBlob> readPackHeader(const Repository& repository, const PackId& id,
                                       std::uint64_t file_bytes) {
  const FileHandle file{FileType::kPack, id.hex()};
  if (file_bytes < kPackTrailerBytes + crypto::Box::kOverheadBytes) {
    throw Error(ErrorCode::kCorrupt, packName(id) + " is too short to be a pack");
  }
  std::uint8_t trailer[kPackTrailerBytes];
  repository.storage().getRange(file, file_bytes - kPackTrailerBytes, trailer);
  const std::uint64_t header_bytes = loadLe32(trailer);
  if (header_bytes < crypto::Box::kOverheadBytes || header_bytes > file_bytes - kPackTrailerBytes ||
      header_bytes > kHeaderBytesMax) {
    throw Error(ErrorCode::kCorrupt, packName(id) + " has a damaged header: its length is impossible");
  }
  Bytes sealed(header_bytes);
  const std::uint64_t data_bytes = file_bytes - kPackTrailerBytes - header_bytes;
  repository.storage().getRange(file, data_bytes, sealed);
  Bytes plain(sealed.size() - crypto::Box::kOverheadBytes);
  if (!repository.impl().box.open(sealed, plain)) {
    throw Error(ErrorCode::kCorrupt, packName(id) + " has a damaged header: its bytes were changed");
  }
  return decodePackHeader(plain, data_bytes, packName(id));
}

std::uint64_t verifyPack(const Repository& repository, const IndexedPack& indexed,
                         const std::function<void(const std::string&)>& on_error) {
  const FileHandle file{FileType::kPack, indexed.id.hex()};
  const auto size = repository.storage().size(file);
  if (!size) {
    on_error(packName(indexed.id) + " is missing");
    return 0;
  }
  std::vector<PackedBlob> blobs;
  // Blobs and header are sealed, and together with the trailer they are the whole pack: where all of them
  // open, not one byte was changed, and hashing the pack against its name would only do the same work again.
  try {
    blobs = readPackHeader(repository, indexed.id, *size);
    if (blobs != indexed.blobs) {
      // The index may hold a part only: duplicates live in another pack there.
      std::unordered_multimap<BlobId, const PackedBlob*> of_header;
      for (const PackedBlob& blob : blobs) of_header.emplace(blob.id, &blob);
      for (const PackedBlob& blob : indexed.blobs) {
        const auto [first, last] = of_header.equal_range(blob.id);
        if (std::none_of(first, last, [&](const auto& entry) { return *entry.second == blob; })) {
          on_error("the index says blob " + blob.id.shortHex() + " is in " + packName(indexed.id) +
                   ", the pack's own header does not");
        }
      }
    }
  } catch (const Error& e) {
    if (e.code() != ErrorCode::kCorrupt) throw;
    on_error(e.what());
    blobs = indexed.blobs;
  }
  blobs = readableBlobs(std::move(blobs), indexed.id, *size, on_error);

  Bytes run;
  std::vector<StoredBlob> stored;
  std::size_t one_by_one = 0;  // up to here, in a run that cannot be read whole
  for (std::size_t i = 0; i < blobs.size();) {
    const std::uint64_t at = blobs[i].offset;
    std::uint64_t end = at;
    std::size_t last = i;
    while (last < blobs.size() && blobs[last].offset == end &&
           (last == i || (end - at < kRunBytes && i >= one_by_one))) {
      end = endOf(blobs[last]);
      ++last;
    }
    run.resize(end - at);
    try {
      repository.storage().getRange(file, at, run);
    } catch (const Error& e) {
      if (e.code() != ErrorCode::kIo) throw;
      // A disk that cannot read one place: the others are read all the same, so that all damage is named.
      if (last - i == 1) {
        on_error(packName(indexed.id) + ": blob " + blobs[i].id.shortHex() + " cannot be read: " + e.what());
        ++i;
      } else {
        one_by_one = last;
      }
      continue;
    }
    stored.clear();
    for (; i < last; ++i) {
      const PackedBlob& blob = blobs[i];
      stored.push_back({.id = blob.id,
                        .location = {.pack = indexed.id,
                                     .offset = blob.offset,
                                     .stored_bytes = blob.stored_bytes,
                                     .plaintext_bytes = blob.plaintextBytes(),
                                     .compressed = blob.uncompressed_bytes != 0},
                        .stored = ByteView(run).subspan(blob.offset - at, blob.stored_bytes)});
    }
    repository.openBlobs(
        stored, [](std::size_t, ByteView) {}, [&](std::size_t, const Error& e) { on_error(e.what()); });
  }
  return *size;
}

}  // namespace enamel::repository
