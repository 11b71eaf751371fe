#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mariadb/myi_header.h"
#include "mariadb/page_cache.h"
#include "mariadb/table_files.h"
#include "repository/ids.h"

namespace enamel::mariadb {

// Table files are cut at fixed multiples, as the server updates rows and key blocks in place: a changed row
// then costs one chunk. A chunk is also the unit that is hashed and compared under the lock. Small chunks
// make a day's scattered updates cheap, but every chunk's name is stored anew with the folder's tree: so only
// files below kSmallFileBytes, the tables that are mostly updated, have them (docs/decisions/0002).
inline constexpr std::uint64_t kSmallFileBytes = 128U << 20;
inline constexpr std::uint32_t kSmallRowChunkBytes = 16U << 10;
inline constexpr std::uint32_t kRowChunkBytes = 64U << 10;
inline constexpr std::uint32_t kIndexChunkBytes = 128U << 10;
inline constexpr std::uint32_t kChunkBytesMax = kIndexChunkBytes;

inline std::uint32_t chunkBytesFor(FileKind kind, std::uint64_t size) {
  if (kind == FileKind::kIndexes) return kIndexChunkBytes;
  return size < kSmallFileBytes ? kSmallRowChunkBytes : kRowChunkBytes;
}

// A table file as far as it is captured: its content as blobs, and how the file looked when it was read.
struct CapturedFile {
  std::string name;
  FileKind kind = FileKind::kDefinition;
  TableFile file;            // as listed just before it was read
  bool settled = false;      // its mtime was old enough that any later change must show in the stamp
  bool header_only = false;  // an index file of which only the header is kept
  std::uint64_t bytes = 0;   // of content
  std::vector<repository::BlobId> content;
  std::vector<std::uint64_t> hashes;  // one a chunk; empty: taken from the parent snapshot unread
  std::optional<MyiHeader> header;    // of index files
  CacheCost cache_cost;               // of reading it, last time
  // Set for the one reading that brings the file into the cache anew where it is then read faster than this.
  std::optional<CacheCost> renew_above;
  bool renewed = false;

  std::uint32_t chunk_bytes = 0;  // fixed when it is first read, whatever it grows to

  std::uint64_t chunkCount(std::uint64_t size) const { return (size + chunk_bytes - 1) / chunk_bytes; }
};

// By file name.
using CapturedFiles = std::map<std::string, CapturedFile>;

}  // namespace enamel::mariadb
