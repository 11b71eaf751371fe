#include "mariadb/kept_blocks.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/error.h"

namespace enamel::mariadb {
namespace {

// Pages made ready before the lock: what a busy office changes between the last look and the lock.
constexpr std::uint64_t kReadyBytes = 16U << 20;
const char* const kSpillName = "the temporary file for changed blocks";

std::string temporaryFolder() {
  const char* folder = std::getenv("TMPDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/tmp";
}

}  // namespace

KeptBlocks::KeptBlocks(std::uint64_t memory_bytes_max)
    : memory_bytes_max_(std::max<std::uint64_t>(memory_bytes_max, 1U << 20)),
      spill_(openFile(temporaryFolder(), O_TMPFILE | O_RDWR, 0600)) {
  void* memory = ::mmap(nullptr, memory_bytes_max_, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw systemError("reserve memory for changed blocks", errno);
  memory_ = static_cast<std::uint8_t*>(memory);
  std::memset(memory_, 0, std::min(kReadyBytes, memory_bytes_max_));
}

KeptBlocks::~KeptBlocks() {
  ::munmap(memory_, memory_bytes_max_);
}

KeptBlocks::Slot KeptBlocks::add(ByteView block) {
  const Slot slot{.offset = next_.fetch_add(block.size()), .size = static_cast<std::uint32_t>(block.size())};
  if (slot.offset + slot.size <= memory_bytes_max_) {
    std::memcpy(memory_ + slot.offset, block.data(), block.size());
  } else {
    writeFullAt(spill_.get(), block, slot.offset, kSpillName);
  }
  return slot;
}

ByteView KeptBlocks::read(const Slot& slot, Bytes& buffer) const {
  if (slot.offset + slot.size <= memory_bytes_max_) return {memory_ + slot.offset, slot.size};
  buffer.resize(slot.size);
  if (readFullAt(spill_.get(), buffer, slot.offset, kSpillName) != slot.size)
    throw Error(ErrorCode::kIo, std::string(kSpillName) + " is shorter than what was written to it");
  return buffer;
}

}  // namespace enamel::mariadb
