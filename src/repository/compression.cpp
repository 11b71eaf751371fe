#include "repository/compression.h"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "base/error.h"

namespace enamel::repository {
namespace {

using CompressContext = std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)>;
using DecompressContext = std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)>;

// Contexts keep their tables: making one for every blob would cost more than compressing a small blob.
ZSTD_CCtx* compressContext() {
  thread_local const CompressContext context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
  ENAMEL_CHECK(context != nullptr);
  return context.get();
}

ZSTD_DCtx* decompressContext() {
  thread_local const DecompressContext context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  ENAMEL_CHECK(context != nullptr);
  return context.get();
}

// Shannon entropy of the bytes, in bits a byte.
double entropyBits(const std::array<std::uint32_t, 256>& counts, std::uint32_t total) {
  double sum = 0;
  for (const std::uint32_t n : counts) {
    if (n != 0) sum += n * std::log2(static_cast<double>(n));
  }
  return std::log2(static_cast<double>(total)) - sum / total;
}

// Whether bytes fall on the same value three times as often as uniform ones would: cheaper to see than
// entropy.
bool farFromUniform(const std::array<std::uint32_t, 256>& counts, std::uint64_t total) {
  std::uint64_t sum = 0;
  for (const std::uint64_t n : counts) sum += n * n;
  return sum > 3 * (total + total * total / counts.size());
}

// The share of 4-byte sequences that occurred before in the sample: what a dictionary coder lives on.
double repeatedShare(ByteView data, std::size_t window_bytes) {
  constexpr std::uint32_t kSlotBits = 12;
  std::array<std::uint32_t, 1U << kSlotBits> seen{};  // by hash: the sequence last seen
  std::size_t repeats = 0, sequences = 0;
  for (; data.size() >= window_bytes; data = data.subspan(window_bytes)) {
    for (std::size_t i = 0; i + 4 <= window_bytes; ++i) {
      const std::uint32_t sequence = loadLe32(data.data() + i);
      std::uint32_t& slot = seen[(sequence * 2654435761U) >> (32 - kSlotBits)];
      repeats += slot == sequence ? 1 : 0;
      slot = sequence;
      ++sequences;
    }
  }
  return sequences == 0 ? 0 : static_cast<double>(repeats) / static_cast<double>(sequences);
}

}  // namespace

bool looksCompressible(ByteView data) {
  // Four windows of 2 KiB tell. JPEG scans measure 7.7 to 7.9 bits a byte there and repeat 0.2 % of their
  // sequences: zstd spends most of a backup's time on them to save 2 %. Random bytes: 7.98 and none; text,
  // rows and indexes: below 6.
  constexpr std::size_t kWindowBytes = 2048;
  constexpr std::size_t kWindows = 4;
  constexpr double kDenseBits = 7.65;  // an ideal entropy coder would save 4 %
  constexpr double kRepeatedShareMin = 0.01;
  if (data.size() < kWindowBytes * kWindows * 2) return true;
  std::array<std::uint8_t, kWindowBytes * kWindows> sample;
  std::array<std::uint32_t, 256> counts{};
  for (std::size_t w = 0; w < kWindows; ++w) {
    // In the middle of each quarter: a photograph's header says nothing of its scans.
    const std::size_t at = (2 * w + 1) * (data.size() / (2 * kWindows)) - kWindowBytes / 2;
    std::uint8_t* const window = &sample[w * kWindowBytes];
    std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(at), kWindowBytes, window);
    for (std::size_t i = 0; i < kWindowBytes; ++i) ++counts[window[i]];
    if (w == 0 && farFromUniform(counts, kWindowBytes)) return true;
  }
  return entropyBits(counts, sample.size()) < kDenseBits ||
         repeatedShare(sample, kWindowBytes) > kRepeatedShareMin;
}

bool compress(ByteView data, int level, Bytes& out) {
  if (data.size() < 16) return false;
  out.resize(ZSTD_compressBound(data.size()));
  ZSTD_CCtx* const context = compressContext();
  const auto set = [&](ZSTD_cParameter parameter, int value) {
    ENAMEL_CHECK(ZSTD_isError(ZSTD_CCtx_setParameter(context, parameter, value)) == 0);
  };
  // Pieces of table files come in blocks of at most this. A hash table that stays in the first-level cache
  // finds as much in them as zstd's own choice, in two thirds of the time. 0 is zstd's choice.
  constexpr std::size_t kBlockBytesMax = 128U << 10;
  const bool block = level <= 2 && data.size() <= kBlockBytesMax;
  set(ZSTD_c_compressionLevel, level);
  set(ZSTD_c_strategy, block ? ZSTD_fast : 0);
  set(ZSTD_c_hashLog, block ? 12 : 0);
  set(ZSTD_c_minMatch, block ? 4 : 0);
  const std::size_t n = ZSTD_compress2(context, out.data(), out.size(), data.data(), data.size());
  if (ZSTD_isError(n) != 0) throw Error(ErrorCode::kInternal, std::string("zstd: ") + ZSTD_getErrorName(n));
  if (n >= data.size()) return false;
  out.resize(n);
  return true;
}

bool decompress(ByteView data, std::size_t size, Bytes& out) {
  const unsigned long long declared = ZSTD_getFrameContentSize(data.data(), data.size());
  if (declared != ZSTD_CONTENTSIZE_UNKNOWN && declared != size) return false;
  out.resize(size);
  return decompress(data, MutableByteView(out));
}

bool decompress(ByteView data, MutableByteView out) {
  const std::size_t n =
      ZSTD_decompressDCtx(decompressContext(), out.data(), out.size(), data.data(), data.size());
  return ZSTD_isError(n) == 0 && n == out.size();
}

bool decompressUnknownSize(ByteView data, std::size_t size_max, Bytes& out) {
  const unsigned long long declared = ZSTD_getFrameContentSize(data.data(), data.size());
  if (declared == ZSTD_CONTENTSIZE_ERROR) return false;
  if (declared != ZSTD_CONTENTSIZE_UNKNOWN) {
    if (declared > size_max) return false;
    out.resize(static_cast<std::size_t>(declared));
    return decompress(data, out);
  }
  ZSTD_DCtx* context = decompressContext();
  ZSTD_DCtx_reset(context, ZSTD_reset_session_only);
  out.clear();
  ZSTD_inBuffer in{data.data(), data.size(), 0};
  for (;;) {
    const std::size_t filled = out.size();
    if (filled >= size_max) return false;
    out.resize(std::min(size_max, filled + ZSTD_DStreamOutSize()));
    ZSTD_outBuffer chunk{out.data() + filled, out.size() - filled, 0};
    const std::size_t result = ZSTD_decompressStream(context, &chunk, &in);
    out.resize(filled + chunk.pos);
    if (ZSTD_isError(result) != 0) return false;
    if (result == 0) return in.pos == in.size;
    if (chunk.pos == 0 && in.pos == in.size) return false;  // cut off
  }
}

}  // namespace enamel::repository
