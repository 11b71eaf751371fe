#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace enamel {

// An allocator whose elements are left uninitialised by resize(): a buffer about to be overwritten costs no
// memset.
template <class T>
struct UninitializedAllocator : std::allocator<T> {
  template <class U>
  struct rebind {
    using other = UninitializedAllocator<U>;
  };
  template <class U>
  void construct(U* p) noexcept {
    ::new (static_cast<void*>(p)) U;
  }
  template <class U, class... Args>
  void construct(U* p, Args&&... args) {
    ::new (static_cast<void*>(p)) U(std::forward<Args>(args)...);
  }
};

// Owned bytes. resize() leaves new bytes uninitialised.
using Bytes = std::vector<std::uint8_t, UninitializedAllocator<std::uint8_t>>;
// Borrowed bytes.
using ByteView = std::span<const std::uint8_t>;
using MutableByteView = std::span<std::uint8_t>;

inline ByteView asBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view asText(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes toBytes(ByteView view) {
  return Bytes(view.begin(), view.end());
}

// Lower-case hexadecimal.
std::string toHex(ByteView bytes);
// nullopt unless text is an even number of hexadecimal digits (either case).
std::optional<Bytes> fromHex(std::string_view text);

// Standard base64 with padding (RFC 4648 section 4).
std::string toBase64(ByteView bytes);
// nullopt if text is not canonical base64.
std::optional<Bytes> fromBase64(std::string_view text);

// Little-endian integers at p, no alignment needed.
inline std::uint32_t loadLe32(const std::uint8_t* p) {
  return static_cast<std::uint32_t>(p[0]) | static_cast<std::uint32_t>(p[1]) << 8 |
         static_cast<std::uint32_t>(p[2]) << 16 | static_cast<std::uint32_t>(p[3]) << 24;
}
inline void storeLe32(std::uint8_t* p, std::uint32_t v) {
  p[0] = static_cast<std::uint8_t>(v);
  p[1] = static_cast<std::uint8_t>(v >> 8);
  p[2] = static_cast<std::uint8_t>(v >> 16);
  p[3] = static_cast<std::uint8_t>(v >> 24);
}

// For people. "1.2 GiB".
std::string formatSize(std::uint64_t bytes);
// "1,234,567".
std::string formatCount(std::uint64_t count);
// "1 file", "3 files", "1,200 files".
std::string formatCount(std::uint64_t count, const std::string& noun);

}  // namespace enamel
