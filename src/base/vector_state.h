#pragma once

namespace enamel {

// Marks the upper halves of the CPU's vector registers as unused (VZEROUPPER), where there are any. Some
// library code that uses AVX returns without it, and all SSE code after it then has to preserve them: AES and
// SHA-256 run at a third of their speed on AMD EPYC (Zen 5) until somebody does this. OpenSSL 3.0's Poly1305
// of a short message is such code. Costs a nanosecond.
void releaseVectorUpperHalves();

}  // namespace enamel
