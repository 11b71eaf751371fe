#include "crypto/secret.h"

#include <openssl/crypto.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

#include "base/error.h"

namespace enamel::crypto {
namespace {

// Best effort, by whole pages: what else is on them is not missed in a dump.
void keepFromDumps(const std::uint8_t* data, std::size_t size) {
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<std::uintptr_t>(data) / page * page;
  const auto end = (reinterpret_cast<std::uintptr_t>(data) + size + page - 1) / page * page;
  if (size > 0)
    madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTDUMP);  // NOLINT(performance-no-int-to-ptr)
}

}  // namespace

Secret::Secret(std::size_t size) : data_(static_cast<std::uint8_t*>(OPENSSL_zalloc(size))), size_(size) {
  ENAMEL_CHECK(data_ != nullptr || size == 0);
  // Best effort: a process without the right to lock memory still works.
  if (size > 0) mlock(data_, size);
  keepFromDumps(data_, size);
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

Secret::~Secret() {
  OPENSSL_clear_free(data_, size_);
}

void wipe(MutableByteView memory) {
  OPENSSL_cleanse(memory.data(), memory.size());
}

void wipe(std::string& text) {
  OPENSSL_cleanse(text.data(), text.size());
}

}  // namespace enamel::crypto
