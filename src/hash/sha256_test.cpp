#include "hash/sha256.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

namespace enamel {
namespace {

std::string hashOf(std::string_view text) {
  return Sha256::of(asBytes(text)).hex();
}

// FIPS 180-4's examples (NIST, "Examples with Intermediate Values") and the empty message.
TEST(Sha256, FipsVectors) {
  EXPECT_EQ(hashOf(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hashOf("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hashOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hashOf(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

RC_GTEST_PROP(Sha256, InPiecesIsTheSameAsAtOnce, (const std::vector<std::vector<std::uint8_t>>& pieces)) {
  Sha256Hasher hasher;
  std::vector<std::uint8_t> joined;
  for (const auto& piece : pieces) {
    hasher.update(piece);
    joined.insert(joined.end(), piece.begin(), piece.end());
  }
  RC_ASSERT(hasher.finish() == Sha256::of(joined));
}

// OpenSSL's, which the digests made in lanes have to equal.
Sha256 reference(ByteView data) {
  Sha256 digest;
  unsigned size = 0;
  EVP_Digest(data.data(), data.size(), digest.bytes.data(), &size, EVP_sha256(), nullptr);
  return digest;
}

std::vector<std::uint8_t> patternOf(std::size_t size) {
  std::vector<std::uint8_t> data(size);
  for (std::size_t i = 0; i < size; ++i) data[i] = static_cast<std::uint8_t>(i * 131 + i / 256);
  return data;
}

TEST(Sha256, EveryLengthAroundTheBlocksIsAsOpenSslHashesIt) {
  const std::vector<std::uint8_t> data = patternOf(300);
  for (std::size_t size = 0; size <= data.size(); ++size) {
    const ByteView message = ByteView(data).first(size);
    ASSERT_EQ(Sha256::of(message), reference(message)) << size;
    Sha256Hasher hasher;
    for (const std::uint8_t& byte : message) hasher.update({&byte, 1});
    ASSERT_EQ(hasher.finish(), reference(message)) << size;
  }
}

RC_GTEST_PROP(Sha256, ManyAtOnceAreEachAsOpenSslHashesIt, ()) {
  const auto sizes = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 700));
  const std::vector<std::uint8_t> data = patternOf(1000);
  std::vector<ByteView> messages;
  for (std::size_t i = 0; i < sizes.size(); ++i)
    messages.push_back(ByteView(data).subspan(i % 300, sizes[i]));
  std::vector<Sha256> digests(messages.size());
  sha256OfEach(messages, digests);
  for (std::size_t i = 0; i < messages.size(); ++i) RC_ASSERT(digests[i] == reference(messages[i]));
}

RC_GTEST_PROP(Sha256, AStreamAndWhatIsHashedAlongsideAreBothRight, ()) {
  const std::vector<std::uint8_t> data = patternOf(2000);
  const auto steps = *rc::gen::container<std::vector<std::pair<std::size_t, std::size_t>>>(
      rc::gen::pair(rc::gen::inRange<std::size_t>(0, 300), rc::gen::inRange<std::size_t>(0, 300)));
  Sha256Hasher stream;
  std::vector<std::uint8_t> streamed;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const ByteView more = ByteView(data).subspan(i % 1000, steps[i].first);
    const ByteView message = ByteView(data).subspan(i % 777, steps[i].second);
    RC_ASSERT(stream.updateAlongside(more, message) == reference(message));
    streamed.insert(streamed.end(), more.begin(), more.end());
  }
  RC_ASSERT(stream.finish() == reference(streamed));
}

RC_GTEST_PROP(Sha256, TheTextIsReadBack, (const std::vector<std::uint8_t>& data)) {
  const Sha256 digest = Sha256::of(data);
  const auto parsed = Sha256::parse(digest.hex());
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(*parsed == digest);
}

TEST(Sha256, RefusesWhatIsNoName) {
  const std::string good = hashOf("");
  EXPECT_TRUE(Sha256::parse(good));
  EXPECT_FALSE(Sha256::parse(""));
  EXPECT_FALSE(Sha256::parse(good.substr(1)));
  EXPECT_FALSE(Sha256::parse(good + "0"));
  EXPECT_FALSE(Sha256::parse("E" + good.substr(1)));  // restic's names are lower case: one name a file
  EXPECT_FALSE(Sha256::parse("g" + good.substr(1)));
  EXPECT_FALSE(Sha256::parse("/" + good.substr(1)));
}

TEST(Sha256, HashersCanBeMoved) {
  Sha256Hasher first;
  first.update(asBytes("a"));
  Sha256Hasher second(std::move(first));
  second.update(asBytes("bc"));
  Sha256Hasher third;
  third = std::move(second);
  EXPECT_EQ(third.finish().hex(), hashOf("abc"));
}

TEST(Sha256, ForPeopleAndContainers) {
  const Sha256 digest = Sha256::of(asBytes("abc"));
  EXPECT_EQ(digest.shortHex(), "ba7816bf");
  EXPECT_FALSE(digest.isZero());
  EXPECT_TRUE(Sha256().isZero());
  std::unordered_set<Sha256> set = {digest, Sha256(), digest};
  EXPECT_EQ(set.size(), 2U);
  EXPECT_LT(Sha256(), digest);
}

using LeftId = TaggedId<struct LeftTag>;
using RightId = TaggedId<struct RightTag>;
static_assert(!std::is_convertible_v<LeftId, RightId>, "one kind of name must not pass for another");

TEST(TaggedId, IsANameOfOneKind) {
  const LeftId id = LeftId::of(asBytes("abc"));
  EXPECT_EQ(id.hex(), hashOf("abc"));
  EXPECT_EQ(LeftId::parse(id.hex()), id);
  EXPECT_FALSE(LeftId::parse("x"));
  std::unordered_set<LeftId> set = {id};
  EXPECT_EQ(set.count(id), 1U);
}

}  // namespace
}  // namespace enamel
