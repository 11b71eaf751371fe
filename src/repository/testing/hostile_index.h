#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "crypto/box.h"
#include "repository/index_file.h"
#include "repository/repository.h"
#include "storage/memory.h"

namespace enamel::repository::testing {

// For fuzz targets: a small repository in memory, and indexes of it that say anything.
class HostileIndex {
 public:
  HostileIndex() {
    Repository::create(storage_, kPassword, KdfParameters::cheap(), Clock::system());
    repository_ = open();
  }

  std::unique_ptr<Repository> open() {
    auto repository = Repository::open(storage_, kPassword);
    repository->loadIndex();
    return repository;
  }
  Repository& repository() { return *repository_; }
  storage::MemoryStorage& storage() { return storage_; }

  // What the true index files say.
  std::vector<IndexedPack> trueIndex() {
    std::vector<IndexedPack> packs;
    for (const storage::FileInfo& file : storage_.list(storage::FileType::kIndex)) {
      const Bytes json = repository_->loadUnpacked(storage::FileType::kIndex, *Sha256::parse(file.name));
      for (IndexedPack& pack : decodeIndex(json, "index")) packs.push_back(std::move(pack));
    }
    return packs;
  }

  // Reads records of 14 bytes: which of the true blobs (their packs in turn), a byte of flags, then offset,
  // length and uncompressed length, each added to the true one or replacing it. Only what an index file can
  // say comes out. Lengths end at 64 MiB: memory for more is asked for before it is known to be there, but
  // not touched.
  static std::vector<IndexedPack> decode(ByteView input, const std::vector<IndexedPack>& truth) {
    std::vector<IndexedPack> packs;
    for (; input.size() >= kRecordBytes; input = input.subspan(kRecordBytes)) {
      const IndexedPack& pack = truth[input[0] % truth.size()];
      PackedBlob blob = pack.blobs[(input[0] / truth.size()) % pack.blobs.size()];
      const std::uint8_t flags = input[1];
      const auto change = [&](std::uint32_t& value, std::size_t at, std::uint8_t flag) {
        value = ((flags & flag) != 0 ? 0 : value) + loadLe32(input.data() + at);
      };
      change(blob.offset, 2, 1);
      change(blob.stored_bytes, 6, 2);
      change(blob.uncompressed_bytes, 10, 4);
      blob.stored_bytes %= kLengthMax;
      blob.uncompressed_bytes %= kLengthMax;
      if ((flags & 8) != 0) blob.type = blob.type == BlobType::kData ? BlobType::kTree : BlobType::kData;
      const PackId& in = (flags & 16) != 0 ? truth[(input[0] + 1U) % truth.size()].id : pack.id;
      if (packs.empty() || packs.back().id != in || (flags & 32) != 0)
        packs.push_back({.id = in, .blobs = {}});
      packs.back().blobs.push_back(blob);
    }
    try {
      return decodeIndex(encodeIndex(packs), "index");
    } catch (const Error&) {
      return {};
    }
  }

 private:
  static constexpr std::string_view kPassword = "fuzz";
  static constexpr std::size_t kRecordBytes = 14;
  static constexpr std::uint32_t kLengthMax = 64U << 20;

  storage::MemoryStorage storage_;
  std::unique_ptr<Repository> repository_;
};

}  // namespace enamel::repository::testing
