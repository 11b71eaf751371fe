#include "chunker/fastcdc.h"

#include <algorithm>
#include <bit>

#include "base/error.h"

namespace enamel::chunker {
namespace {

// Bytes the gear hash remembers: each step shifts by one bit.
constexpr std::size_t kWindowBytes = 64;

// How many bits harder (easier) than one in size_target a border is below (above) the target.
constexpr int kNormalisation = 2;

// SplitMix64 (Steele, Lea, Flood 2014): any seed gives an even sequence.
std::uint64_t nextRandom(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

// The highest bits depend on the most bytes. Bit 63 is left out, so that a hash shifted left by one can be
// compared with the mask shifted left by one and nothing is lost.
std::uint64_t maskOfBits(int count) {
  return ((std::uint64_t{1} << count) - 1) << (63 - count);
}

struct Gears {
  const std::uint64_t* plain;
  const std::uint64_t* shifted;
};

// The first position in (from, to] after which (hash & mask) is 0; 0 if there is none, and the hash then
// stands at `to`. Two bytes a step: the hash after the first is held shifted by one, so that each pair of
// bytes waits for one shift only.
inline std::size_t scan(const std::uint8_t* data, std::size_t from, std::size_t to, std::uint64_t mask,
                        const Gears& gears, std::uint64_t& hash) {
  const std::uint64_t mask_shifted = mask << 1;
  std::uint64_t h = hash;
  std::size_t i = from;
  for (; i + 2 <= to; i += 2) {
    h = (h << 2) + gears.shifted[data[i]];
    if ((h & mask_shifted) == 0) [[unlikely]]
      return i + 1;
    h += gears.plain[data[i + 1]];
    if ((h & mask) == 0) [[unlikely]]
      return i + 2;
  }
  if (i < to) {
    h = (h << 1) + gears.plain[data[i]];
    if ((h & mask) == 0) return i + 1;
  }
  hash = h;
  return 0;
}

}  // namespace

FastCdc::FastCdc(const Options& options, std::uint64_t seed) : options_(options) {
  ENAMEL_CHECK(kWindowBytes <= options.size_min && options.size_min <= options.size_target &&
               options.size_target <= options.size_max && options.size_target >= 256);
  const int bits = std::bit_width(options.size_target) - 1;
  mask_below_target_ = maskOfBits(std::min(bits + kNormalisation, 62));
  mask_above_target_ = maskOfBits(bits - kNormalisation);
  // Mixed twice, so that neighbouring seeds (a state is a counter) do not share a shifted table.
  std::uint64_t state = nextRandom(seed) ^ 0x656e616d656c;
  for (std::size_t b = 0; b < gear_.size(); ++b) {
    gear_[b] = nextRandom(state);
    gear_shifted_[b] = gear_[b] << 1;
  }
}

std::size_t FastCdc::cut(ByteView data, bool at_end) const {
  const std::size_t end = std::min(data.size(), options_.size_max);
  const bool bounded = at_end || data.size() >= options_.size_max;  // a border at `end` is final
  if (end <= options_.size_min) return bounded ? end : 0;

  const Gears gears{gear_.data(), gear_shifted_.data()};
  const std::uint8_t* p = data.data();
  std::uint64_t hash = 0;
  for (std::size_t i = options_.size_min - kWindowBytes; i < options_.size_min; ++i)
    hash = (hash << 1) + gear_[p[i]];
  const std::size_t target = std::min(options_.size_target, end);
  if (const std::size_t at = scan(p, options_.size_min, target, mask_below_target_, gears, hash)) return at;
  if (const std::size_t at = scan(p, target, end, mask_above_target_, gears, hash)) return at;
  return bounded ? end : 0;
}

}  // namespace enamel::chunker
