#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace enamel::sample {

__extension__ typedef unsigned __int128 WideInteger;

// A generator of our own (SplitMix64), because the standard library's distributions give other numbers on
// other systems, and a sample practice must be the same everywhere for one seed. Not for secrets. Take one
// number an expression: the order in which arguments are evaluated is the compiler's choice.
class Random {
 public:
  // Independent numbers for each (seed, stream, item): any row can be made without those before it.
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0, std::uint64_t item = 0)
      : state_(mix(mix(mix(seed) + stream) + item)) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15U;
    return mix(state_);
  }
  // From 0 to limit - 1. REQUIRES: limit > 0.
  std::uint64_t below(std::uint64_t limit) {
    return static_cast<std::uint64_t>(static_cast<WideInteger>(next()) * limit >> 64);
  }
  std::int64_t between(std::int64_t first, std::int64_t last) {
    return first + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(last - first + 1)));
  }
  bool chance(unsigned percent) { return below(100) < percent; }
  // In [0, 1).
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  template <class T, std::size_t N>
  const T& pick(const std::array<T, N>& items) {
    return items[below(N)];
  }

 private:
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
  }

  std::uint64_t state_;
};

}  // namespace enamel::sample
