#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/cancel.h"
#include "base/progress.h"
#include "base/time.h"
#include "base/worker_pool.h"
#include "repository/blob_writer.h"
#include "repository/config.h"
#include "repository/ids.h"
#include "repository/key.h"
#include "repository/snapshot.h"
#include "repository/tree.h"
#include "storage/storage.h"

namespace enamel::repository {

class Index;

// A blob's place.
struct BlobLocation {
  PackId pack;
  std::uint32_t offset = 0;
  std::uint32_t stored_bytes = 0;  // in the pack: nonce, ciphertext and MAC
  std::uint32_t plaintext_bytes = 0;
  bool compressed = false;
};

// A blob's bytes as they were read from its pack.
struct StoredBlob {
  BlobId id;
  BlobLocation location;
  ByteView stored;
};

// Packs that the index names and that cannot be what it says.
struct PackDamage {
  std::size_t missing = 0;
  std::size_t cut_off = 0;  // shorter than what the index names of them
};

struct WriterOptions {
  // restic's -compression: kAuto skips what a sample shows not to shrink, kOff stores as it is, kMax is
  // level 19.
  enum class Compression { kAuto, kOff, kMax } compression = Compression::kAuto;
  std::uint32_t pack_size_target = 16U << 20;
  std::size_t upload_threads = 3;
  Priority priority = Priority::kNormal;  // of the writer's own threads
};

// An open repository in restic's format. Reading is thread-safe; holds the master key in locked memory.
// Errors: kNoRepository, kWrongPassword, kCorrupt (naming the file), kUnsupported (a newer format), and
// storage's.
class Repository {
 public:
  // Makes a new repository of format version 2 with one key. Throws kExists if there is one already.
  static void create(storage::Storage& storage, std::string_view password, const KdfParameters& kdf,
                     const Clock& clock);

  // Opens with the first key the password fits. storage and clock must outlive the object. Does not read the
  // index.
  static std::unique_ptr<Repository> open(storage::Storage& storage, std::string_view password,
                                          const Clock& clock = Clock::system());
  ~Repository();

  const Config& config() const;
  storage::Storage& storage() const;
  const Clock& clock() const;

  // --- keys
  // Adds a password; needs nothing but the open repository.
  KeyId addKey(std::string_view password, const KdfParameters& kdf);

  // --- index
  // Reads all index files (once; later calls do nothing). Needed before any blob is read or written.
  void loadIndex(const CancelToken& cancel = CancelToken::never());
  bool has(BlobType type, const BlobId& id) const;
  std::optional<BlobLocation> locate(BlobType type, const BlobId& id) const;
  // For who is about to write, and for as long as this object lives: a blob that cannot be read from here
  // does not count as stored. Lists the packs, holds them against the index, and forgets the blobs of those
  // that are missing or cut off; has() is false for them and a writer stores them again. The same goes for a
  // blob that later turns out damaged as it is read. A pack that is longer than the index says is left to
  // check(): all that is named of it may be there. REQUIRES loadIndex() and a lock: an index names only packs
  // that are there, and only who has the repository for itself removes one. Index files are left as they are:
  // replacing one is for who has the repository for itself, and they are the only list of what earlier
  // snapshots lost.
  PackDamage distrustDamagedPacks();

  // --- reading blobs; REQUIRES loadIndex()
  // Decrypted, decompressed and compared with its name. Where it cannot be read and lies in another pack, too
  // (a backup stored it again, or two at a time did), that is tried: readers need no list of the packs to
  // know which are missing, and bytes that went bad are passed over as well. Throws the first place's error:
  // kCorrupt naming the blob and its pack.
  Bytes loadBlob(BlobType type, const BlobId& id) const;
  // From that place and no other.
  Bytes loadBlobFrom(const BlobLocation& location, const BlobId& id) const;
  // Cached (a few MiB of trees).
  Tree loadTree(const BlobId& id) const;
  // The same from bytes already read from the pack at the blob's location: for readers that read packs whole.
  Bytes openBlob(const BlobId& id, const BlobLocation& location, ByteView stored) const;
  // openBlob() for each in turn, faster: several are compared with their names at once. Calls take(i,
  // content), or fail(i, error) where the blob is damaged. Holds few contents at a time; what take throws is
  // passed on.
  void openBlobs(std::span<const StoredBlob> blobs, const std::function<void(std::size_t, ByteView)>& take,
                 const std::function<void(std::size_t, const Error&)>& fail) const;

  // --- writing; REQUIRES loadIndex(); throws kUnsupported for version 1 repositories
  std::unique_ptr<BlobWriter> newWriter(const WriterOptions& options = {});
  // Stores the snapshot; its id is set. REQUIRES: every blob it reaches is flushed.
  SnapshotId saveSnapshot(Snapshot& snapshot);

  // --- snapshots
  // Of all there are, in no order.
  std::vector<SnapshotId> snapshotIds() const;
  // Throws kNotFound, kCorrupt.
  Snapshot loadSnapshot(const SnapshotId& id) const;
  // Sorted by time, oldest first. Damaged ones throw unless `damaged` is given, which then receives a line
  // each; a store that fails throws in any case.
  std::vector<Snapshot> listSnapshots(std::vector<std::string>* damaged = nullptr) const;
  // text: "latest" or an id prefix of at least 4 digits. Throws kNotFound, or kUsage where the prefix fits
  // several. "latest" is the newest one that is readable; damaged ones, which may be newer, are passed over
  // and get a line each in `damaged`, if given.
  Snapshot findSnapshot(std::string_view text, std::vector<std::string>* damaged = nullptr) const;

  // --- files that are not packs (index, snapshots, locks)
  Bytes loadUnpacked(storage::FileType type, const Sha256& name) const;
  Sha256 saveUnpacked(storage::FileType type, ByteView json);

  class Impl;
  Impl& impl() const { return *impl_; }

 private:
  explicit Repository(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace enamel::repository
