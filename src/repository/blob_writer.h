#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "repository/ids.h"
#include "repository/tree.h"

namespace enamel::repository {

class Repository;

struct WriteStats {
  std::uint64_t data_blobs = 0, tree_blobs = 0;  // new ones
  std::uint64_t bytes_added = 0;                 // plaintext of new blobs
  std::uint64_t bytes_packed = 0;                // what they take in the repository
};

// Adds blobs to a repository. save() does all the work of a blob on the calling thread (hash, look up,
// compress, seal) and appends it to a pack held in memory; full packs are hashed and stored by threads of the
// writer's own. Memory is bounded: save() waits while storing is behind, or stores a pack itself where the
// caller's priority is above those threads'. Index files follow the packs they
// name, so a kill at any instant leaves a clean repository, and what was indexed is reused by the next run.
// Thread-safe: call from as many threads as there are CPUs. After any failure every later call rethrows it.
class BlobWriter {
 public:
  struct Saved {
    BlobId id;
    bool is_new = false;             // false: the repository has it already
    std::uint32_t stored_bytes = 0;  // length in the pack, 0 if not new
  };

  virtual ~BlobWriter() = default;

  virtual Saved save(BlobType type, ByteView plaintext) = 0;
  // Encodes and saves the tree; returns its id.
  BlobId saveTree(const Tree& tree);

  // Waits until no full pack is on its way any more, so that the disk is quiet for what comes next. REQUIRES:
  // no save() at the same time.
  virtual void settle() = 0;
  // Stores all that is still in memory, then the index. Only after flush() may a snapshot name these blobs.
  virtual void flush() = 0;
  virtual WriteStats stats() const = 0;
  // Bytes held by open packs and packs on their way, now.
  virtual std::uint64_t memoryInUse() const = 0;
};

}  // namespace enamel::repository
