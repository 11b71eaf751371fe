#include "crypto/secret.h"

#include <openssl/crypto.h>
#include <sys/mman.h>

#include <utility>

#include "base/error.h"

namespace enamel::crypto {

Secret::Secret(std::size_t size) : data_(static_cast<std::uint8_t*>(OPENSSL_zalloc(size))), size_(size) {
  ENAMEL_CHECK(data_ != nullptr || size == 0);
  // Best effort: a process without the right to lock memory still works.
  if (size > 0) mlock(data_, size);
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

}  // namespace enamel::crypto
