#include "base/vector_state.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace enamel {

#if defined(__x86_64__)
namespace {

bool cpuHasAvx() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx") != 0;  // asks whether the operating system saves them, too
}

__attribute__((target("avx"))) void zeroUpper() {
  _mm256_zeroupper();
}

}  // namespace

void releaseVectorUpperHalves() {
  static const bool has_avx = cpuHasAvx();
  if (has_avx) zeroUpper();
}

#else

void releaseVectorUpperHalves() {}

#endif

}  // namespace enamel
