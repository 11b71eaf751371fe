#include "chunker/fastcdc.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "chunker/testing/feed.h"

namespace enamel::chunker {
namespace {

constexpr FastCdc::Options kSmall{.size_min = 256, .size_target = 1024, .size_max = 4096};

// Bytes without structure, the same for the same seed everywhere.
Bytes noise(std::size_t count, std::uint64_t seed) {
  Bytes out(count);
  std::uint64_t state = seed * 2862933555777941757ULL + 3037000493ULL;
  for (std::uint8_t& byte : out) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    byte = static_cast<std::uint8_t>(state >> 56);
  }
  return out;
}

std::multiset<std::string> chunksOf(const FastCdc& chunker, ByteView data) {
  std::multiset<std::string> out;
  for (const std::size_t length : cutWhole(chunker, data)) {
    out.emplace(asText(data.first(length)));
    data = data.subspan(length);
  }
  return out;
}

// Data with structure of some kind: noise, runs of one byte, text with few letters, repeats.
rc::Gen<Bytes> anyData() {
  return rc::gen::map(rc::gen::container<std::vector<std::tuple<int, std::size_t, std::uint64_t>>>(
                          rc::gen::tuple(rc::gen::inRange(0, 4), rc::gen::inRange<std::size_t>(0, 9000),
                                         rc::gen::arbitrary<std::uint64_t>())),
                      [](const std::vector<std::tuple<int, std::size_t, std::uint64_t>>& parts) {
                        Bytes out;
                        for (const auto& [kind, size, seed] : parts) {
                          Bytes part = noise(size, seed);
                          if (kind == 1) std::fill(part.begin(), part.end(), static_cast<std::uint8_t>(seed));
                          if (kind == 2) {
                            for (std::uint8_t& byte : part) byte = static_cast<std::uint8_t>('a' + byte % 3);
                          }
                          if (kind == 3) {
                            for (std::size_t i = 100; i < part.size(); ++i) part[i] = part[i - 100];
                          }
                          out.insert(out.end(), part.begin(), part.end());
                        }
                        return out;
                      });
}

RC_GTEST_PROP(FastCdcProp, chunksJoinToTheInputAndKeepTheBounds, (std::uint64_t seed)) {
  const Bytes data = *anyData();
  const FastCdc chunker(kSmall, seed);
  std::size_t sum = 0;
  const auto lengths = cutWhole(chunker, data);
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    RC_ASSERT(lengths[i] <= kSmall.size_max);
    RC_ASSERT(lengths[i] >= kSmall.size_min || i + 1 == lengths.size());
    RC_ASSERT(lengths[i] > 0U);
    sum += lengths[i];
  }
  RC_ASSERT(sum == data.size());
}

RC_GTEST_PROP(FastCdcProp, bordersDoNotDependOnBuffering, (std::uint64_t seed)) {
  const Bytes data = *anyData();
  const FastCdc chunker(kSmall, seed);
  const auto piece = [] { return *rc::gen::inRange<std::size_t>(1, 3000); };
  RC_ASSERT(cutStreamed(chunker, data, piece) == cutWhole(chunker, data));
}

Bytes insertAt(const Bytes& data, std::size_t at, const Bytes& inserted) {
  Bytes changed(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(at));
  changed.insert(changed.end(), inserted.begin(), inserted.end());
  changed.insert(changed.end(), data.begin() + static_cast<std::ptrdiff_t>(at), data.end());
  return changed;
}

// Where chunks end.
std::vector<std::size_t> endsOf(const std::vector<std::size_t>& lengths) {
  std::vector<std::size_t> ends;
  std::size_t at = 0;
  for (const std::size_t length : lengths) ends.push_back(at += length);
  return ends;
}

// What holds for every seed and all data: a chunk follows from its own bytes, so borders before the insertion
// stay, and from a border after it that old and new data share, everything is the same. How soon they share
// one is chance: see the statistic below.
RC_GTEST_PROP(FastCdcProp, anInsertionLeavesTheBordersBeforeItAndAllAfterACommonOne, (std::uint64_t seed)) {
  const FastCdc chunker(kSmall, seed);
  const Bytes data = *anyData();
  const auto at = *rc::gen::inRange<std::size_t>(0, data.size() + 1);
  const Bytes inserted = noise(*rc::gen::inRange<std::size_t>(1, 500), seed ^ 1);
  const auto before = endsOf(cutWhole(chunker, data));
  const auto after = endsOf(cutWhole(chunker, insertAt(data, at, inserted)));

  for (std::size_t i = 0; i < before.size() && before[i] < at; ++i) {
    RC_ASSERT(i < after.size());
    RC_ASSERT(after[i] == before[i]);
  }
  std::vector<std::size_t> moved;  // old borders where they would be now
  for (const std::size_t end : before) {
    if (end >= at) moved.push_back(end + inserted.size());
  }
  const auto first = std::find_first_of(after.begin(), after.end(), moved.begin(), moved.end());
  if (first == after.end()) return;
  const auto old = std::find(moved.begin(), moved.end(), *first);
  RC_ASSERT(std::vector(first, after.end()) == std::vector(old, moved.end()));
}

// The seeds and places are fixed, so the mean is one number and no luck is needed.
TEST(FastCdc, anInsertionMakesFewNewChunksOnAverage) {
  constexpr std::size_t kSeeds = 20, kPlaces = 10, kBytes = 300'000;
  std::size_t fresh = 0, chunks = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const FastCdc chunker(kSmall, seed);
    const Bytes data = noise(kBytes, seed + 100);
    const auto before = chunksOf(chunker, data);
    chunks += before.size();
    for (std::size_t place = 0; place < kPlaces; ++place) {
      const Bytes inserted = noise(1 + place * 50, seed ^ 1);
      const Bytes changed = insertAt(data, place * kBytes / kPlaces + seed, inserted);
      for (const std::string& chunk : chunksOf(chunker, changed)) fresh += before.count(chunk) == 0 ? 1 : 0;
    }
  }
  EXPECT_GT(fresh, kSeeds * kPlaces - 1);  // each insertion makes one at least
  EXPECT_LT(static_cast<double>(fresh) / (kSeeds * kPlaces), 4);
  EXPECT_GT(static_cast<double>(chunks) / kSeeds, 150);
}

TEST(FastCdc, everyPairOfAdjacentBytePositionsCanBeABorder) {
  // The two bytes of a step are decided by different instructions: both must agree with the one-byte rule,
  // which shows as borders that move along when the data is shifted by one byte.
  const FastCdc chunker(kSmall, 7);
  const Bytes data = noise(200'000, 3);
  std::set<std::size_t> ends, shifted_ends;
  std::size_t at = 0;
  for (const std::size_t length : cutWhole(chunker, data)) ends.insert(at += length);
  at = 1;
  for (const std::size_t length : cutWhole(chunker, ByteView(data).subspan(1)))
    shifted_ends.insert(at += length);
  std::size_t common = 0, odd = 0;
  for (const std::size_t end : ends) {
    if (shifted_ends.count(end) == 0) continue;
    ++common;
    odd += end % 2;
  }
  EXPECT_GT(common, ends.size() * 9 / 10);
  EXPECT_GT(odd, common / 4);
  EXPECT_LT(odd, common * 3 / 4);
}

TEST(FastCdc, theMeanIsNearTheTarget) {
  const FastCdc chunker(kSmall, 99);
  const Bytes data = noise(4'000'000, 5);
  const auto lengths = cutWhole(chunker, data);
  const double mean = static_cast<double>(data.size()) / static_cast<double>(lengths.size());
  EXPECT_GT(mean, 0.75 * kSmall.size_target);
  EXPECT_LT(mean, 1.35 * kSmall.size_target);
  // Normalised: the longest allowed chunk is a rare exception.
  EXPECT_LT(std::count(lengths.begin(), lengths.end(), kSmall.size_max),
            static_cast<long>(lengths.size() / 100));
}

TEST(FastCdc, anotherSeedCutsElsewhere) {
  const Bytes data = noise(400'000, 5);
  const auto one = chunksOf(FastCdc(kSmall, 1), data);
  std::size_t shared = 0;
  for (const std::string& chunk : chunksOf(FastCdc(kSmall, 2), data)) shared += one.count(chunk);
  EXPECT_LT(shared, 5U);
}

TEST(FastCdc, bordersStayTheSameBetweenVersions) {
  // Changing them would make the next backup of every practice a full one.
  const FastCdc chunker({.size_min = 256, .size_target = 1024, .size_max = 4096}, 0x123456789abcdef);
  const auto lengths = cutWhole(chunker, noise(8000, 42));
  EXPECT_EQ(lengths, (std::vector<std::size_t>{1098, 1031, 484, 1393, 1135, 1063, 1069, 727}));
}

TEST(FastCdc, shortInputsAreOneChunk) {
  const FastCdc chunker({}, 1);
  EXPECT_EQ(chunker.cut({}, true), 0U);
  EXPECT_EQ(chunker.cut({}, false), 0U);
  const Bytes one(1), just_min(512 * 1024);
  EXPECT_EQ(chunker.cut(one, true), 1U);
  EXPECT_EQ(chunker.cut(one, false), 0U);
  EXPECT_EQ(chunker.cut(just_min, true), just_min.size());
}

TEST(FastCdc, equalBytesNeverEscapeTheBounds) {
  const FastCdc chunker(kSmall, 1);
  for (int byte = 0; byte < 256; ++byte) {
    const Bytes run(10'000, static_cast<std::uint8_t>(byte));
    const std::size_t length = chunker.cut(run, false);
    EXPECT_TRUE(length >= kSmall.size_min && length <= kSmall.size_max) << byte << ": " << length;
  }
}

}  // namespace
}  // namespace enamel::chunker
