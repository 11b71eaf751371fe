#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace enamel::sha256 {

// The compression function of SHA-256 (FIPS 180-4) by the x86 SHA extensions, on several messages at once:
// one message waits for its own rounds, so a CPU that works on two or three in turn does half as much again
// and more (AMD EPYC, one core: 1.9 GB/s for one lane, 2.8 for two, 3.1 for three).

using Words = std::array<std::uint32_t, 8>;

inline constexpr std::size_t kBlockBytes = 64;
inline constexpr std::size_t kLanesMax = 3;
inline constexpr Words kInitialWords = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

// One message's state, and where its next blocks are.
struct Lane {
  Words words = kInitialWords;
  const std::uint8_t* next = nullptr;
};

// True if this CPU has what compress() needs.
bool lanesSupported();

// Works `blocks` blocks into each lane, and moves its `next` behind them. lanes: 1 to kLanesMax.
// REQUIRES lanesSupported().
void compress(std::span<Lane* const> lanes, std::size_t blocks);

}  // namespace enamel::sha256
