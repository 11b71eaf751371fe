#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace enamel::crypto {

// Bytes that are kept out of swap where the system allows it, and overwritten when released. Not copyable.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::size_t size);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  MutableByteView bytes() { return {data_, size_}; }
  ByteView bytes() const { return {data_, size_}; }
  std::size_t size() const { return size_; }

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

// Overwrites memory in a way no compiler removes.
void wipe(MutableByteView memory);
void wipe(std::string& text);

}  // namespace enamel::crypto
