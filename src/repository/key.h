#pragma once

#include <cstdint>

namespace enamel::repository {

// scrypt's cost: N (memory 128*r*N bytes), r, p.
struct KdfParameters {
  std::uint64_t n = 32768;
  std::uint32_t r = 8;
  std::uint32_t p = 1;

  // As restic chooses them: the most that fits 60 MiB, then p so that one derivation takes about half a
  // second here.
  static KdfParameters calibrate();
  // For tests and benchmarks only: opens in a millisecond, protects nothing.
  static KdfParameters cheap() { return {.n = 16, .r = 1, .p = 1}; }
};

}  // namespace enamel::repository
