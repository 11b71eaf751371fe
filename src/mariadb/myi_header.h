#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace enamel::mariadb {

// What the first bytes of a MyISAM index file (.MYI) say about the table. The file comes from a server's data
// folder or out of a backup: every length is checked.
struct MyiHeader {
  std::uint32_t header_bytes = 0;  // all that REPAIR TABLE ... QUICK needs of the file
  std::uint32_t open_count = 0;    // not 0: some server had it open and written to, unclosed
  bool crashed = false;            // marked as crashed, or a repair of it failed
  std::uint64_t rows = 0;
  std::uint64_t deleted_rows = 0;
  std::uint64_t data_file_bytes = 0;
  std::uint64_t key_file_bytes = 0;

  // Bytes from the file's begin that parse() needs to see.
  static constexpr std::size_t kPrefixBytes = 92;
  static constexpr std::uint32_t kHeaderBytesMax = 0xFFFF;
};

// nullopt unless prefix (at least kPrefixBytes) begins as a MyISAM index file does.
std::optional<MyiHeader> parseMyiHeader(ByteView prefix);

}  // namespace enamel::mariadb
