#include "repository/repository.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/file.h"
#include "repository/compression.h"
#include "repository/damage.h"
#include "repository/key_file.h"
#include "repository/pack_reader.h"
#include "repository/process_identity.h"
#include "repository/repository_impl.h"

namespace enamel::repository {

using storage::FileHandle;
using storage::FileType;

namespace {

// First byte of an unpacked file's plaintext that is compressed (format version 2); otherwise it is JSON at
// once.
constexpr std::uint8_t kCompressedMark = 2;
constexpr int kUnpackedLevel = 3;
constexpr std::size_t kTreeCacheBytes = 8U << 20;

Bytes openFileWith(const crypto::Box& box, const FileHandle& file, ByteView sealed) {
  if (sealed.size() < crypto::Box::kOverheadBytes) throw damagedFile(file, "it is cut off");
  Bytes plain(sealed.size() - crypto::Box::kOverheadBytes);
  if (!box.open(sealed, plain)) throw damagedFile(file, "its bytes were changed");
  return plain;
}

KeyId storeKey(storage::Storage& storage, ByteView master, std::string_view password,
               const KdfParameters& kdf, Timestamp now) {
  const ProcessIdentity self = processIdentity();
  const Bytes json = encodeKeyFile(sealMasterKey(master, password, kdf, now, self.username, self.hostname));
  const KeyId id = KeyId::of(json);
  storage.put({FileType::kKey, id.hex()}, json);
  return id;
}

crypto::Secret findMasterKey(storage::Storage& storage, std::string_view password) {
  const auto keys = storage.list(FileType::kKey);
  if (keys.empty()) {
    throw Error(ErrorCode::kCorrupt, "the repository in " + storage.location() + " has no key files",
                "nobody can open it without one: bring the folder keys/ back from a copy");
  }
  if (keys.size() > kKeysMax) throw Error(ErrorCode::kLimit, "the repository has more than 100 keys");
  std::optional<Error> first_damage;
  std::size_t tried = 0;
  for (const auto& info : keys) {
    const FileHandle file{FileType::kKey, info.name};
    try {
      const Bytes json = storage.get(file, kKeyBytesMax);
      const bool is_whole = Sha256::of(json).hex() == info.name;
      try {
        // A changed byte may be in what is only said of the key: what opens is the key, whatever else
        // changed.
        auto master = withDamageHint(FileType::kKey, [&] {
          return openMasterKey(decodeKeyFile(json, file.describe()), password, file.describe());
        });
        if (master) return std::move(*master);
      } catch (const Error&) {
        if (is_whole) throw;
      }
      if (!is_whole) throw damagedFile(file, "its bytes do not fit its name");
      ++tried;
    } catch (const Error& e) {
      // One damaged key must not keep another one from opening the repository.
      if (!first_damage) first_damage = e;
    }
  }
  // Nobody's password is wrong where none could be tried.
  if (tried == 0) throw *first_damage;
  Error failure(ErrorCode::kWrongPassword,
                "wrong password: it opens none of the repository's " + std::to_string(tried) + " keys",
                "check the password file or ENAMEL_PASSWORD, and that this is the repository it belongs to");
  if (first_damage) failure.addContext(std::string(first_damage->what()) + "; of the others");
  throw failure;
}

}  // namespace

Repository::Repository(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Repository::~Repository() = default;

const Config& Repository::config() const {
  return impl_->config;
}
storage::Storage& Repository::storage() const {
  return impl_->storage;
}
const Clock& Repository::clock() const {
  return impl_->clock;
}

void Repository::create(storage::Storage& storage, std::string_view password, const KdfParameters& kdf,
                        const Clock& clock) {
  if (password.empty()) {
    throw Error(ErrorCode::kUsage, "an empty password protects nothing",
                "choose a password for the repository");
  }
  storage.create();
  if (!storage.list(FileType::kKey).empty() || !storage.list(FileType::kPack).empty()) {
    throw Error(ErrorCode::kExists,
                storage.location() + " holds files of another repository, without its config",
                "choose an empty folder");
  }
  const crypto::Secret master = crypto::Box::generateKey();
  const KeyId key = storeKey(storage, master.bytes(), password, kdf, clock.now());
  crypto::Secret copy(master.size());
  std::copy(master.bytes().begin(), master.bytes().end(), copy.bytes().begin());
  const crypto::Box box(std::move(copy));
  try {
    // Last: a folder counts as a repository once it has a config.
    storage.put({FileType::kConfig, ""}, box.seal(encodeConfig(makeConfig())));
  } catch (const Error& e) {
    // A config that is there after all (the store's answer was lost) needs its key.
    try {
      if (e.code() == ErrorCode::kExists || !storage.size({FileType::kConfig, ""}))
        storage.remove({FileType::kKey, key.hex()});
    } catch (const Error&) {
      // The store is gone: a key without a config is no repository, and the first error is the one to report.
    }
    throw;
  }
}

std::unique_ptr<Repository> Repository::open(storage::Storage& storage, std::string_view password,
                                             const Clock& clock) {
  const FileHandle config_file{FileType::kConfig, ""};
  if (!storage.size(config_file)) {
    const bool has_content =
        !storage.list(FileType::kSnapshot).empty() || !storage.list(FileType::kPack).empty();
    if (has_content)
      throw Error(ErrorCode::kCorrupt,
                  "the repository in " + storage.location() + " has lost its file `config`",
                  damageHint(FileType::kConfig));
    if (!storage.list(FileType::kKey).empty())
      throw Error(ErrorCode::kNoRepository,
                  "the making of a repository in " + storage.location() + " was cut off; nothing is in it",
                  "remove that folder and make it again: enamel init -r " + storage.location());
    throw Error(
        ErrorCode::kNoRepository, "there is no repository in " + storage.location(),
        "check the path and that its disk is connected, or make one: enamel init -r " + storage.location());
  }
  auto impl = std::make_unique<Impl>(storage, clock, findMasterKey(storage, password));
  impl->config = withDamageHint(FileType::kConfig, [&] {
    return decodeConfig(openFileWith(impl->box, config_file, storage.get(config_file, kConfigBytesMax)));
  });
  return std::unique_ptr<Repository>(new Repository(std::move(impl)));
}

KeyId Repository::addKey(std::string_view password, const KdfParameters& kdf) {
  if (password.empty()) throw Error(ErrorCode::kUsage, "an empty password protects nothing");
  return storeKey(impl_->storage, impl_->box.key(), password, kdf, impl_->clock.now());
}

Bytes Repository::loadUnpacked(FileType type, const Sha256& name) const {
  const FileHandle file{type, name.hex()};
  const Bytes sealed = impl_->storage.get(file, kUnpackedBytesMax);
  if (Sha256::of(sealed) != name) throw damagedFile(file, "its bytes do not fit its name");
  Bytes plain = openFileWith(impl_->box, file, sealed);
  if (plain.empty()) throw damagedFile(file, "it is empty");
  if (plain.front() == '{' || plain.front() == '[') return plain;
  Bytes json;
  if (plain.front() != kCompressedMark ||
      !decompressUnknownSize(ByteView(plain).subspan(1), kUnpackedPlainBytesMax, json)) {
    throw damagedFile(file, "it cannot be decompressed");
  }
  return json;
}

Sha256 Repository::saveUnpacked(FileType type, ByteView json) {
  Bytes plain;
  if (impl_->config.version >= 2 && compress(json, kUnpackedLevel, plain)) {
    plain.insert(plain.begin(), kCompressedMark);
  } else {
    plain = toBytes(json);
  }
  const Bytes sealed = impl_->box.seal(plain);
  const Sha256 name = Sha256::of(sealed);
  impl_->storage.put({type, name.hex()}, sealed);
  return name;
}

namespace {

// Loads those that are there and not in `loaded` yet. False if one was gone when its turn came: another
// program has replaced it by newer ones, which a new look shows.
bool loadIndexFiles(const Repository& repository, std::unordered_set<std::string>& loaded,
                    const CancelToken& cancel) {
  auto files = repository.storage().list(FileType::kIndex);
  std::erase_if(files, [&](const storage::FileInfo& info) { return loaded.count(info.name) != 0; });
  std::atomic<bool> all_there{true};
  parallelFor(files.size(), cpuCount(), Priority::kNormal, [&](std::size_t i) {
    cancel.check();
    const auto name = Sha256::parse(files[i].name);
    const FileHandle file{FileType::kIndex, files[i].name};
    try {
      const auto packs = withDamageHint(
          file.type, [&] { return decodeIndex(repository.loadUnpacked(file.type, *name), file.describe()); });
      for (const IndexedPack& pack : packs) repository.impl().index.add(pack);
    } catch (const Error& e) {
      if (e.code() != ErrorCode::kNotFound) throw;
      all_there = false;
    }
  });
  for (const auto& info : files) loaded.insert(info.name);
  return all_there;
}

}  // namespace

void Repository::loadIndex(const CancelToken& cancel) {
  const std::lock_guard lock(impl_->load_mutex);
  if (impl_->index_loaded) return;
  constexpr int kTries = 5;
  std::unordered_set<std::string> loaded;
  for (int i = 0; !loadIndexFiles(*this, loaded, cancel);) {
    if (++i == kTries)
      throw Error(ErrorCode::kRepositoryLocked,
                  "another program replaces the index faster than it can be read",
                  "wait until it is done (a prune, most likely), then run again");
  }
  impl_->index_loaded = true;
}

PackDamage Repository::distrustDamagedPacks() {
  impl_->distrusting = true;
  const std::unordered_map<PackId, std::uint64_t> present = listPacks(impl_->storage);
  PackDamage damage;
  impl_->index.dropPacks([&](const PackId& pack, std::uint64_t bytes_min) {
    const auto it = present.find(pack);
    if (it != present.end() && it->second >= bytes_min) return true;
    ++(it == present.end() ? damage.missing : damage.cut_off);
    return false;
  });
  return damage;
}

bool Repository::has(BlobType type, const BlobId& id) const {
  return impl_->index.has(type, id);
}

std::optional<BlobLocation> Repository::locate(BlobType type, const BlobId& id) const {
  return impl_->index.find(type, id);
}

namespace {

Error damagedBlob(const BlobId& id, const BlobLocation& location, const char* cause) {
  return {
      ErrorCode::kCorrupt,
      "blob " + id.shortHex() + " in pack " + location.pack.hex() + " is damaged: " + cause,
      "the files that use it cannot be restored from this repository; `enamel check --read-data` names them"};
}

// Decrypted and decompressed, not yet compared with its name.
Bytes unseal(const crypto::Box& box, const StoredBlob& blob) {
  const auto fail = [&](const char* cause) { return damagedBlob(blob.id, blob.location, cause); };
  if (blob.stored.size() < crypto::Box::kOverheadBytes) throw fail("it is too short");
  Bytes plain(blob.stored.size() - crypto::Box::kOverheadBytes);
  if (!box.open(blob.stored, plain)) throw fail("its bytes were changed");
  if (!blob.location.compressed) return plain;
  Bytes raw;
  if (!decompress(plain, blob.location.plaintext_bytes, raw)) throw fail("it cannot be decompressed");
  return raw;
}

Error wrongContent(const StoredBlob& blob) {
  return damagedBlob(blob.id, blob.location, "its content does not fit its name");
}

}  // namespace

Bytes Repository::openBlob(const BlobId& id, const BlobLocation& location, ByteView stored) const {
  const StoredBlob blob{id, location, stored};
  Bytes plain = unseal(impl_->box, blob);
  if (BlobId::of(plain) != id) throw wrongContent(blob);
  return plain;
}

void Repository::openBlobs(std::span<const StoredBlob> blobs,
                           const std::function<void(std::size_t, ByteView)>& take,
                           const std::function<void(std::size_t, const Error&)>& fail) const {
  // As many as are hashed at once; large ones one by one.
  constexpr std::size_t kGroup = 3;
  constexpr std::size_t kGroupBytesMax = 4U << 20;
  for (std::size_t first = 0; first < blobs.size();) {
    std::array<Bytes, kGroup> contents;
    std::array<std::optional<Error>, kGroup> errors;
    std::array<ByteView, kGroup> messages;
    std::array<Sha256, kGroup> digests;
    std::size_t count = 0, bytes = 0;
    while (count < kGroup && first + count < blobs.size()) {
      const StoredBlob& blob = blobs[first + count];
      const std::size_t more = std::max<std::size_t>(blob.location.plaintext_bytes, blob.stored.size());
      if (count > 0 && bytes + more > kGroupBytesMax) break;
      bytes += more;
      try {
        contents[count] = unseal(impl_->box, blob);
      } catch (const Error& e) {
        errors[count] = e;
      }
      messages[count] = contents[count];
      ++count;
    }
    sha256OfEach({messages.data(), count}, {digests.data(), count});
    for (std::size_t i = 0; i < count; ++i) {
      if (!errors[i] && BlobId(digests[i]) != blobs[first + i].id) errors[i] = wrongContent(blobs[first + i]);
      if (errors[i]) {
        fail(first + i, *errors[i]);
      } else {
        take(first + i, contents[i]);
      }
    }
    first += count;
  }
}

Bytes Repository::loadBlob(BlobType type, const BlobId& id) const {
  const std::vector<BlobLocation> places = impl_->index.places(type, id);
  if (places.empty()) {
    const std::string name = std::string(type == BlobType::kTree ? "tree " : "blob ") + id.hex();
    if (impl_->index.isLost(type, id))
      throw Error(ErrorCode::kCorrupt, name + " lies in a pack that is missing or damaged",
                  damageHint(FileType::kPack));
    throw Error(ErrorCode::kCorrupt, name + " is in no index",
                std::string("if its pack is there and an index file was lost, ") + kMakeIndexAnew);
  }
  std::optional<Error> first;
  for (const BlobLocation& place : places) {
    try {
      return loadBlobFrom(place, id);
    } catch (const Error& e) {
      if (e.code() == ErrorCode::kCancelled) throw;
      if (!first) first = e;
    }
  }
  if (first->code() == ErrorCode::kCorrupt && impl_->distrusting) impl_->index.dropBlob(type, id);
  throw *first;
}

Bytes Repository::loadBlobFrom(const BlobLocation& location, const BlobId& id) const {
  const FileHandle pack{FileType::kPack, location.pack.hex()};
  Bytes stored;
  try {
    requireRange(impl_->storage, pack, location.offset, location.stored_bytes);
    stored.resize(location.stored_bytes);
    impl_->storage.getRange(pack, location.offset, stored);
  } catch (Error& e) {
    if (e.code() != ErrorCode::kNotFound) throw;
    throw Error(
        ErrorCode::kCorrupt, "pack " + location.pack.hex() + " is missing from the repository",
        "bring the file back from a copy of the repository, or run `enamel check` to learn what is lost");
  }
  return openBlob(id, location, stored);
}

Tree Repository::loadTree(const BlobId& id) const {
  const std::string name = "tree " + id.shortHex();
  {
    const std::lock_guard lock(impl_->cache_mutex);
    if (const auto it = impl_->cached.find(id); it != impl_->cached.end()) {
      impl_->cache.splice(impl_->cache.begin(), impl_->cache, it->second);
      return decodeTree(it->second->json, name);
    }
  }
  Bytes json = loadBlob(BlobType::kTree, id);
  Tree tree = decodeTree(json, name);
  const std::lock_guard lock(impl_->cache_mutex);
  if (json.size() <= kTreeCacheBytes / 4 && !impl_->cached.contains(id)) {
    impl_->cache_bytes += json.size();
    impl_->cache.push_front({id, std::move(json)});
    impl_->cached[id] = impl_->cache.begin();
    while (impl_->cache_bytes > kTreeCacheBytes) {
      impl_->cache_bytes -= impl_->cache.back().json.size();
      impl_->cached.erase(impl_->cache.back().id);
      impl_->cache.pop_back();
    }
  }
  return tree;
}

SnapshotId Repository::saveSnapshot(Snapshot& snapshot) {
  snapshot.id = SnapshotId(saveUnpacked(FileType::kSnapshot, encodeSnapshot(snapshot)));
  return snapshot.id;
}

Snapshot Repository::loadSnapshot(const SnapshotId& id) const {
  return withDamageHint(FileType::kSnapshot,
                        [&] { return decodeSnapshot(loadUnpacked(FileType::kSnapshot, id), id); });
}

std::vector<SnapshotId> Repository::snapshotIds() const {
  std::vector<SnapshotId> ids;
  for (const auto& info : impl_->storage.list(FileType::kSnapshot))
    ids.emplace_back(*Sha256::parse(info.name));
  return ids;
}

std::vector<Snapshot> Repository::listSnapshots(std::vector<std::string>* damage) const {
  std::vector<Snapshot> out;
  for (const SnapshotId& id : snapshotIds()) {
    try {
      out.push_back(loadSnapshot(id));
    } catch (const Error& e) {
      if (e.code() == ErrorCode::kNotFound) continue;  // forgotten by somebody while we listed
      if (damage == nullptr || e.code() != ErrorCode::kCorrupt) throw;
      damage->emplace_back(e.what());
    }
  }
  std::sort(out.begin(), out.end(), [](const Snapshot& a, const Snapshot& b) {
    return a.time != b.time ? a.time < b.time : a.id < b.id;
  });
  return out;
}

Snapshot Repository::findSnapshot(std::string_view text, std::vector<std::string>* damaged) const {
  if (text == "latest") {
    // A damaged snapshot file must not keep the others from being restored.
    std::vector<std::string> damage;
    std::vector<Snapshot> all = listSnapshots(&damage);
    if (all.empty()) {
      if (!damage.empty())
        throw Error(ErrorCode::kCorrupt, "no snapshot can be read: " + damage.front(),
                    damageHint(FileType::kSnapshot));
      throw Error(ErrorCode::kNotFound, "there is no snapshot in " + impl_->storage.location() + " yet",
                  "make the first one: enamel backup");
    }
    if (damaged != nullptr) damaged->insert(damaged->end(), damage.begin(), damage.end());
    return std::move(all.back());
  }
  constexpr std::size_t kPrefixMin = 4;
  const bool is_hex = text.size() >= kPrefixMin && text.size() <= 64 &&
                      std::all_of(text.begin(), text.end(),
                                  [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (!is_hex) {
    throw Error(ErrorCode::kUsage,
                "'" + std::string(text) +
                    "' is no snapshot: give `latest` or the first 4 to 64 "
                    "digits of an id",
                "enamel snapshots lists them");
  }
  std::optional<SnapshotId> found;
  for (const auto& info : impl_->storage.list(FileType::kSnapshot)) {
    if (info.name.compare(0, text.size(), text) != 0) continue;
    if (found) {
      throw Error(ErrorCode::kUsage, "several snapshots begin with " + std::string(text),
                  "give more digits of the id");
    }
    found = SnapshotId(*Sha256::parse(info.name));
  }
  if (!found) {
    throw Error(ErrorCode::kNotFound, "no snapshot begins with " + std::string(text),
                "enamel snapshots lists them");
  }
  return loadSnapshot(*found);
}

BlobId BlobWriter::saveTree(const Tree& tree) {
  return save(BlobType::kTree, encodeTree(tree)).id;
}

}  // namespace enamel::repository
