#include "hash/sha256_lanes.h"

#include "base/error.h"
#include "base/vector_state.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace enamel::sha256 {

#if defined(__x86_64__)
namespace {

// FIPS 180-4, 4.2.2.
alignas(16) constexpr std::uint32_t kRoundConstants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

#define ENAMEL_SHA_TARGET target("sha,sse4.1,ssse3")

// What is worked on: the eight words as the instructions want them, (A, B, E, F) and (C, D, G, H), the
// highest first; and the last 16 words of the schedule.
template <std::size_t kLanes>
struct Registers {
  __m128i abef[kLanes], cdgh[kLanes], w[kLanes][4];
};

// Rounds 4 * step to 4 * step + 3 of each lane: two SHA256RNDS2 of two rounds each.
template <int kStep, std::size_t kLanes>
__attribute__((ENAMEL_SHA_TARGET, always_inline)) inline void rounds(Registers<kLanes>& r,
                                                                     const __m128i& constants) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const __m128i input = _mm_add_epi32(r.w[lane][kStep % 4], constants);
    r.cdgh[lane] = _mm_sha256rnds2_epu32(r.cdgh[lane], r.abef[lane], input);
    const __m128i upper = _mm_shuffle_epi32(input, _MM_SHUFFLE(0, 0, 3, 2));
    r.abef[lane] = _mm_sha256rnds2_epu32(r.abef[lane], r.cdgh[lane], upper);
  }
}

// As rounds(), on words that follow from the 16 before.
template <int kStep, std::size_t kLanes>
__attribute__((ENAMEL_SHA_TARGET, always_inline)) inline void laterRounds(Registers<kLanes>& r,
                                                                          const __m128i& constants) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    __m128i* const w = r.w[lane];
    const __m128i& last = w[(kStep + 3) % 4];
    const __m128i seventh = _mm_alignr_epi8(last, w[(kStep + 2) % 4], 4);
    const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w[kStep], w[(kStep + 1) % 4]), seventh);
    w[kStep] = _mm_sha256msg2_epu32(sum, last);
  }
  rounds<kStep>(r, constants);
}

template <std::size_t kLanes>
__attribute__((ENAMEL_SHA_TARGET)) void compressLanes(Lane* const* lanes, std::size_t blocks) {
  const __m128i big_endian = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
  const auto* const constants = reinterpret_cast<const __m128i*>(kRoundConstants);
  Registers<kLanes> r;
  const std::uint8_t* next[kLanes];
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const auto* words = reinterpret_cast<const __m128i*>(lanes[lane]->words.data());
    const __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128(words), _MM_SHUFFLE(2, 3, 0, 1));
    const __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128(words + 1), _MM_SHUFFLE(0, 1, 2, 3));
    r.abef[lane] = _mm_alignr_epi8(badc, efgh, 8);
    r.cdgh[lane] = _mm_blend_epi16(efgh, badc, 0xF0);
    next[lane] = lanes[lane]->next;
  }
  for (; blocks > 0; --blocks) {
    __m128i abef_before[kLanes], cdgh_before[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      abef_before[lane] = r.abef[lane];
      cdgh_before[lane] = r.cdgh[lane];
      const auto* const block = reinterpret_cast<const __m128i*>(next[lane]);
      for (int i = 0; i < 4; ++i) r.w[lane][i] = _mm_shuffle_epi8(_mm_loadu_si128(block + i), big_endian);
    }
    rounds<0>(r, constants[0]);
    rounds<1>(r, constants[1]);
    rounds<2>(r, constants[2]);
    rounds<3>(r, constants[3]);
    for (int step = 4; step < 16; step += 4) {
      laterRounds<0>(r, constants[step]);
      laterRounds<1>(r, constants[step + 1]);
      laterRounds<2>(r, constants[step + 2]);
      laterRounds<3>(r, constants[step + 3]);
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      r.abef[lane] = _mm_add_epi32(r.abef[lane], abef_before[lane]);
      r.cdgh[lane] = _mm_add_epi32(r.cdgh[lane], cdgh_before[lane]);
      next[lane] += kBlockBytes;
    }
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    auto* words = reinterpret_cast<__m128i*>(lanes[lane]->words.data());
    const __m128i feba = _mm_shuffle_epi32(r.abef[lane], _MM_SHUFFLE(0, 1, 2, 3));
    const __m128i dchg = _mm_shuffle_epi32(r.cdgh[lane], _MM_SHUFFLE(2, 3, 0, 1));
    _mm_storeu_si128(words, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128(words + 1, _mm_alignr_epi8(dchg, feba, 8));
    lanes[lane]->next = next[lane];
  }
}

bool cpuHasSha() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0 || (ecx & bit_SSSE3) == 0 || (ecx & bit_SSE4_1) == 0)
    return false;
  return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx & bit_SHA) != 0;
}

}  // namespace

bool lanesSupported() {
  static const bool supported = cpuHasSha();
  return supported;
}

void compress(std::span<Lane* const> lanes, std::size_t blocks) {
  releaseVectorUpperHalves();  // whoever left them in use: hashing at 1.1 GB/s instead of 2.7 was seen
  switch (lanes.size()) {
    case 1:
      return compressLanes<1>(lanes.data(), blocks);
    case 2:
      return compressLanes<2>(lanes.data(), blocks);
    case 3:
      return compressLanes<3>(lanes.data(), blocks);
    default:
      ENAMEL_CHECK(!"one to three lanes");
  }
}

#else

bool lanesSupported() {
  return false;
}

void compress(std::span<Lane* const> /*lanes*/, std::size_t /*blocks*/) {
  ENAMEL_CHECK(!"no lanes on this CPU");
}

#endif

}  // namespace enamel::sha256
