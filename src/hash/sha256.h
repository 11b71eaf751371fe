#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace enamel {

// SHA-256 (FIPS 180-4) of something; the name of every blob and file in a repository.
struct Sha256 {
  std::array<std::uint8_t, 32> bytes{};

  // At once. Thread-safe.
  static Sha256 of(ByteView data);
  // nullopt unless text is 64 lower-case hexadecimal digits.
  static std::optional<Sha256> parse(std::string_view text);

  std::string hex() const { return toHex(bytes); }
  // The first 8 hexadecimal digits, for people.
  std::string shortHex() const { return hex().substr(0, 8); }
  bool isZero() const { return bytes == std::array<std::uint8_t, 32>{}; }

  friend auto operator<=>(const Sha256&, const Sha256&) = default;
};

// Each of several messages, of the same or different lengths, faster than one after the other. Thread-safe.
// REQUIRES: digests.size() == messages.size().
void sha256OfEach(std::span<const ByteView> messages, std::span<Sha256> digests);

// Streaming SHA-256. Not thread-safe; one message an object.
class Sha256Hasher {
 public:
  Sha256Hasher();
  ~Sha256Hasher();
  Sha256Hasher(Sha256Hasher&&) noexcept;
  Sha256Hasher& operator=(Sha256Hasher&&) noexcept;

  void update(ByteView data);
  // As update(data), and returns the digest of another, whole message: faster than one after the other.
  Sha256 updateAlongside(ByteView data, ByteView message);
  // REQUIRES: called once, nothing after it.
  Sha256 finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A SHA-256 that names one kind of thing, so that a pack's name cannot be passed for a blob's.
template <class Tag>
struct TaggedId : Sha256 {
  TaggedId() = default;
  explicit TaggedId(const Sha256& digest) : Sha256(digest) {}
  static TaggedId of(ByteView data) { return TaggedId(Sha256::of(data)); }
  static std::optional<TaggedId> parse(std::string_view text) {
    if (auto digest = Sha256::parse(text)) return TaggedId(*digest);
    return std::nullopt;
  }
};

}  // namespace enamel

template <>
struct std::hash<enamel::Sha256> {
  std::size_t operator()(const enamel::Sha256& id) const noexcept {
    std::size_t h;
    std::memcpy(&h, id.bytes.data(), sizeof h);  // already uniformly distributed
    return h;
  }
};
template <class Tag>
struct std::hash<enamel::TaggedId<Tag>> : std::hash<enamel::Sha256> {};
