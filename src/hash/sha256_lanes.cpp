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

// Four rounds a step: two SHA256RNDS2 of two rounds each, and the schedule's next four words.
constexpr int kSteps = 16;

template <std::size_t kLanes>
__attribute__((target("sha,sse4.1,ssse3"))) void compressLanes(Lane* const* lanes, std::size_t blocks) {
  const __m128i big_endian = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
  // The instructions want the eight words as (A, B, E, F) and (C, D, G, H), the highest first.
  __m128i abef[kLanes], cdgh[kLanes];
  const std::uint8_t* next[kLanes];
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const auto* words = reinterpret_cast<const __m128i*>(lanes[lane]->words.data());
    const __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128(words), _MM_SHUFFLE(2, 3, 0, 1));
    const __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128(words + 1), _MM_SHUFFLE(0, 1, 2, 3));
    abef[lane] = _mm_alignr_epi8(badc, efgh, 8);
    cdgh[lane] = _mm_blend_epi16(efgh, badc, 0xF0);
    next[lane] = lanes[lane]->next;
  }
  for (; blocks > 0; --blocks) {
    __m128i abef_before[kLanes], cdgh_before[kLanes], w[kLanes][4];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      abef_before[lane] = abef[lane];
      cdgh_before[lane] = cdgh[lane];
    }
#pragma GCC unroll 16
    for (int step = 0; step < kSteps; ++step) {
      const __m128i constants = _mm_load_si128(reinterpret_cast<const __m128i*>(kRoundConstants) + step);
#pragma GCC unroll 3
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        __m128i* const words = w[lane];
        __m128i& current = words[step % 4];
        const __m128i& last = words[(step + 3) % 4];
        if (step < 4) {
          const auto* block = reinterpret_cast<const __m128i*>(next[lane]);
          current = _mm_shuffle_epi8(_mm_loadu_si128(block + step), big_endian);
        } else {
          const __m128i seventh = _mm_alignr_epi8(last, words[(step + 2) % 4], 4);
          current = _mm_add_epi32(_mm_sha256msg1_epu32(current, words[(step + 1) % 4]), seventh);
          current = _mm_sha256msg2_epu32(current, last);
        }
        const __m128i input = _mm_add_epi32(current, constants);
        cdgh[lane] = _mm_sha256rnds2_epu32(cdgh[lane], abef[lane], input);
        abef[lane] =
            _mm_sha256rnds2_epu32(abef[lane], cdgh[lane], _mm_shuffle_epi32(input, _MM_SHUFFLE(0, 0, 3, 2)));
      }
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      abef[lane] = _mm_add_epi32(abef[lane], abef_before[lane]);
      cdgh[lane] = _mm_add_epi32(cdgh[lane], cdgh_before[lane]);
      next[lane] += kBlockBytes;
    }
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    auto* words = reinterpret_cast<__m128i*>(lanes[lane]->words.data());
    const __m128i feba = _mm_shuffle_epi32(abef[lane], _MM_SHUFFLE(0, 1, 2, 3));
    const __m128i dchg = _mm_shuffle_epi32(cdgh[lane], _MM_SHUFFLE(2, 3, 0, 1));
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
