#include "repository/pack_reader.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "repository/testing/hostile_index.h"

namespace {

using namespace enamel;
using namespace enamel::repository;
using storage::FileType;

// Two packs, each once whole and once with a byte of its header changed.
struct Packs {
  Packs() {
    const auto writer = hostile.repository().newWriter({.upload_threads = 1});
    for (unsigned i = 0; i < 6; ++i) writer->save(BlobType::kData, Bytes(1000 + 100 * i, std::uint8_t(i)));
    writer->saveTree({{Node{.name = "file", .mode = 0644}}});
    writer->flush();
    truth = hostile.trueIndex();
    for (const IndexedPack& pack : truth) {
      Bytes file = hostile.storage().get({FileType::kPack, pack.id.hex()}, 1U << 20);
      file[file.size() - kPackTrailerBytes - 1] ^= 1;
      damaged.push_back(std::move(file));
    }
  }

  testing::HostileIndex hostile;
  std::vector<IndexedPack> truth;
  std::vector<Bytes> damaged;
};

}  // namespace

// Whatever an index says of a pack: verifyPack ends, reads nothing outside, and finds fault exactly where the
// index and the pack differ.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Packs packs;
  if (size < 1) return 0;
  const bool damage = (data[0] & 1) != 0;
  for (const IndexedPack& said : testing::HostileIndex::decode({data + 1, size - 1}, packs.truth)) {
    const auto truth = std::find_if(packs.truth.begin(), packs.truth.end(),
                                    [&](const IndexedPack& pack) { return pack.id == said.id; });
    const storage::FileHandle file{FileType::kPack, said.id.hex()};
    const auto files = packs.hostile.storage().files();
    if (damage) {
      packs.hostile.storage().remove(file);
      packs.hostile.storage().put(file, packs.damaged[std::size_t(truth - packs.truth.begin())]);
    }
    std::size_t errors = 0;
    verifyPack(packs.hostile.repository(), said, [&](const std::string&) { ++errors; });
    const bool right = std::all_of(said.blobs.begin(), said.blobs.end(), [&](const PackedBlob& blob) {
      return std::find(truth->blobs.begin(), truth->blobs.end(), blob) != truth->blobs.end();
    });
    ENAMEL_CHECK((errors == 0) == (right && !damage));
    if (damage) packs.hostile.storage().setFiles(files);
  }
  return 0;
}
