#pragma once

// For the .cpp files of this folder.
#include <atomic>
#include <list>
#include <mutex>
#include <unordered_map>

#include "crypto/box.h"
#include "repository/index.h"
#include "repository/repository.h"

namespace enamel::repository {

class Repository::Impl {
 public:
  Impl(storage::Storage& s, const Clock& c, crypto::Secret master)
      : storage(s), clock(c), box(std::move(master)) {}

  storage::Storage& storage;
  const Clock& clock;
  const crypto::Box box;
  Config config;
  Index index;

  std::mutex load_mutex;
  bool index_loaded = false;  // guarded by load_mutex

  // See distrustDamagedPacks().
  std::atomic<bool> distrusting = false;

  // Recently used trees' plaintext, newest first. A walk asks for each tree once or twice, close together.
  struct CachedTree {
    BlobId id;
    Bytes json;
  };
  std::mutex cache_mutex;
  std::list<CachedTree> cache;                                         // guarded by cache_mutex
  std::unordered_map<BlobId, std::list<CachedTree>::iterator> cached;  // guarded by cache_mutex
  std::size_t cache_bytes = 0;                                         // guarded by cache_mutex
};

// Limits on files that are read whole into memory.
inline constexpr std::uint64_t kConfigBytesMax = 1U << 20;
inline constexpr std::uint64_t kKeyBytesMax = 1U << 20;
inline constexpr std::uint64_t kUnpackedBytesMax = 256U << 20;  // stored
inline constexpr std::size_t kUnpackedPlainBytesMax = 1U << 30;
inline constexpr std::size_t kKeysMax = 100;  // each costs a derivation

}  // namespace enamel::repository
