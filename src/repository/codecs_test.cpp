#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "base/error.h"
#include "repository/config.h"
#include "repository/go_quote.h"
#include "repository/index.h"
#include "repository/key_file.h"
#include "repository/pack.h"
#include "repository/polynomial.h"
#include "repository/snapshot.h"
#include "repository/tree.h"

namespace enamel::repository {
namespace {

template <class Id>
Id idOf(std::uint64_t n) {
  return Id::of({reinterpret_cast<const std::uint8_t*>(&n), sizeof n});
}

// --- names

TEST(GoQuote, WritesWhatGoWrites) {
  // strconv.Quote's results, without the outer quotes.
  EXPECT_EQ(goQuote("plain.txt"), "plain.txt");
  EXPECT_EQ(goQuote("a\"b\\c"), R"(a\"b\\c)");
  EXPECT_EQ(goQuote("tab\tnl\n\x07\x01\x7f"), R"(tab\tnl\n\a\x01\x7f)");
  EXPECT_EQ(goQuote("\xff\xfe"), R"(\xff\xfe)");
  EXPECT_EQ(goQuote("Zähne 歯"), "Zähne 歯");
  EXPECT_EQ(goQuote(std::string_view("\0", 1)), R"(\x00)");
}

TEST(GoQuote, EscapesWhatDoesNotShow) {
  EXPECT_EQ(goQuote("a\u00a0b\u00adc\u0085"), R"(a\u00a0b\u00adc\u0085)");
  EXPECT_EQ(goQuote("\u200b\u200f\u2028\u202e\ufeff\u3000\ue000"),
            R"(\u200b\u200f\u2028\u202e\ufeff\u3000\ue000)");
  EXPECT_EQ(goQuote("\U000e0001\U0010ffff"), R"(\U000e0001\U0010ffff)");
  // These show, or belong to what does.
  EXPECT_EQ(goQuote("¡ÿ€–\ufffd歯🦷\U000e0100"), "¡ÿ€–\ufffd歯🦷\U000e0100");
}

TEST(GoJson, EscapesAsGoDoes) {
  std::string out;
  appendGoJson(out, "a&<b>\"\\\n\x01\x7f\u2028ü\xff");
  EXPECT_EQ(out, "\"a\\u0026\\u003cb\\u003e\\\"\\\\\\n\\u0001\x7f\\u2028ü\ufffd\"");
}

TEST(GoQuote, ReadsEveryEscape) {
  EXPECT_EQ(goUnquote(R"(\a\b\f\n\r\t\v\\\"\x41\101\u00e4\U0001F9B7)"), "\a\b\f\n\r\t\v\\\"AAä🦷");
  for (const char* bad : {"\\", "\\q", "\\x4", "\\400", "\\u12", "\\ud800", "\\U00110000", "a\"b"}) {
    EXPECT_FALSE(goUnquote(bad)) << bad;
  }
}

RC_GTEST_PROP(GoQuote, AnyBytesComeBack, (const std::string& raw)) {
  const std::string quoted = goQuote(raw);
  RC_ASSERT(isUtf8(quoted));
  RC_ASSERT(goUnquote(quoted) == raw);
}

// --- polynomials

TEST(Polynomial, KnowsIrreducibleOnes) {
  EXPECT_TRUE(isIrreducible(0b111));                  // x^2+x+1
  EXPECT_FALSE(isIrreducible(0b101));                 // (x+1)^2
  EXPECT_TRUE(isIrreducible(0x3DA3358B4DC173));       // the one in restic's own documentation
  EXPECT_FALSE(isIrreducible(0x3DA3358B4DC173 ^ 1));  // divisible by x
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(isIrreducible(randomPolynomial()));
}

TEST(Config, ComesBack) {
  const Config config = makeConfig();
  const Config again = decodeConfig(encodeConfig(config));
  EXPECT_EQ(again.id, config.id);
  EXPECT_EQ(again.chunker_polynomial, config.chunker_polynomial);
  EXPECT_EQ(again.version, 2U);
}

TEST(Config, RefusesANewerFormat) {
  try {
    decodeConfig(asBytes(R"({"version":3,"id":"ab","chunker_polynomial":"3da3358b4dc173"})"));
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kUnsupported);
  }
}

// Whatever a parser says, the user reads what is wrong in plain words.
TEST(Config, SaysInPlainWordsWhatIsWrong) {
  for (const auto& [json, cause] : std::vector<std::pair<const char*, const char*>>{
           {"", "it is empty"},
           {R"({"version":2,)", "its text is cut off or garbled"},
           {R"({"version":"two"})", "a value in it is missing or impossible"}}) {
    try {
      decodeConfig(asBytes(json));
      FAIL();
    } catch (const Error& e) {
      EXPECT_EQ(std::string(e.what()), std::string("the repository's config is damaged: ") + cause);
    }
  }
}

// --- keys

TEST(KeyFile, OpensWithItsPasswordOnly) {
  const crypto::Secret master = crypto::Box::generateKey();
  const KeyFile key = decodeKeyFile(
      encodeKeyFile(sealMasterKey(master.bytes(), "secret", KdfParameters::cheap(), {0}, "user", "host")),
      "key");
  const auto opened = openMasterKey(key, "secret", "key");
  ASSERT_TRUE(opened);
  EXPECT_TRUE(std::equal(opened->bytes().begin(), opened->bytes().end(), master.bytes().begin()));
  EXPECT_FALSE(openMasterKey(key, "Secret", "key"));
}

TEST(KeyFile, RefusesCostsNobodyCanPay) {
  KeyFile key = sealMasterKey(crypto::Box::generateKey().bytes(), "x", KdfParameters::cheap(), {0}, "", "");
  for (const KdfParameters kdf :
       {KdfParameters{.n = 1ULL << 40, .r = 8, .p = 1}, KdfParameters{.n = 32768, .r = 8, .p = 1U << 30},
        KdfParameters{.n = 2, .r = 1, .p = 1U << 23}, KdfParameters{.n = 3, .r = 8, .p = 1},
        KdfParameters{.n = 0, .r = 0, .p = 0}}) {
    key.parameters = kdf;
    EXPECT_THROW((void)openMasterKey(key, "x", "key"), Error);
  }
}

// --- packs

TEST(PackHeader, ComesBack) {
  std::vector<PackedBlob> blobs = {
      {.id = idOf<BlobId>(1), .type = BlobType::kData, .offset = 0, .stored_bytes = 100},
      {.id = idOf<BlobId>(2),
       .type = BlobType::kTree,
       .offset = 100,
       .stored_bytes = 50,
       .uncompressed_bytes = 900}};
  EXPECT_EQ(decodePackHeader(encodePackHeader(blobs), 150, "pack"), blobs);
  EXPECT_EQ(encodePackHeader(blobs).size(), 37U + 41U);
}

TEST(PackHeader, RefusesWhatDoesNotFitThePack) {
  const Bytes header = encodePackHeader({{.id = idOf<BlobId>(1), .offset = 0, .stored_bytes = 100}});
  EXPECT_THROW(decodePackHeader(header, 99, "pack"), Error);
  EXPECT_THROW(decodePackHeader(header, 101, "pack"), Error);
  EXPECT_THROW(decodePackHeader(ByteView(header).first(36), 100, "pack"), Error);
  Bytes bad = header;
  bad[0] = 4;
  EXPECT_THROW(decodePackHeader(bad, 100, "pack"), Error);
}

// --- index

std::vector<IndexedPack> somePacks(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<IndexedPack> packs;
  for (std::uint64_t p = 0; p < 6; ++p) {
    IndexedPack pack{.id = idOf<PackId>(1000 + p), .blobs = {}};
    std::uint32_t offset = 0;
    for (int b = 0; b < 20; ++b) {
      // Few distinct ids, so that packs share blobs.
      PackedBlob blob{.id = idOf<BlobId>(random() % 40),
                      .type = static_cast<BlobType>(random() % 2),
                      .offset = offset,
                      .stored_bytes = 40 + static_cast<std::uint32_t>(random() % 100)};
      if (random() % 2 == 0) blob.uncompressed_bytes = 500;
      offset += blob.stored_bytes;
      pack.blobs.push_back(blob);
    }
    packs.push_back(pack);
  }
  return packs;
}

RC_GTEST_PROP(Index, IsTheSameInAnyOrderOfMerging, (unsigned seed)) {
  auto packs = somePacks(seed);
  Index a;
  for (const auto& pack : packs) a.add(pack);
  std::shuffle(packs.begin(), packs.end(), std::mt19937(seed + 1));
  Index b;
  for (const auto& pack : packs) b.add(pack);
  const auto left = a.packs();
  const auto right = b.packs();
  RC_ASSERT(left.size() == right.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    RC_ASSERT(left[i].id == right[i].id);
    RC_ASSERT(left[i].blobs == right[i].blobs);
  }
}

RC_GTEST_PROP(IndexFile, ComesBack, (unsigned seed)) {
  const auto packs = somePacks(seed);
  const auto again = decodeIndex(encodeIndex(packs), "index");
  RC_ASSERT(again.size() == packs.size());
  for (std::size_t i = 0; i < packs.size(); ++i) {
    RC_ASSERT(again[i].id == packs[i].id);
    RC_ASSERT(again[i].blobs == packs[i].blobs);
  }
}

TEST(Index, ClaimsAreTakenOnceAndDropped) {
  Index index;
  const auto id = idOf<BlobId>(7);
  EXPECT_TRUE(index.claim(BlobType::kData, id));
  EXPECT_FALSE(index.claim(BlobType::kData, id));
  EXPECT_TRUE(index.claim(BlobType::kTree, id));
  EXPECT_FALSE(index.has(BlobType::kData, id));
  index.dropClaims();
  EXPECT_TRUE(index.claim(BlobType::kData, id));
  index.add({.id = idOf<PackId>(1), .blobs = {{.id = id, .offset = 0, .stored_bytes = 50}}});
  EXPECT_TRUE(index.has(BlobType::kData, id));
  index.dropClaims();
  EXPECT_TRUE(index.has(BlobType::kData, id));
}

TEST(Index, KnowsAllPlacesInAnyOrderOfMerging) {
  const auto id = idOf<BlobId>(7);
  std::vector<IndexedPack> packs;
  for (std::uint64_t p = 0; p < 3; ++p)
    packs.push_back({.id = idOf<PackId>(p), .blobs = {{.id = id, .offset = 0, .stored_bytes = 50}}});
  std::sort(packs.begin(), packs.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  for (const std::vector<std::size_t>& order :
       {std::vector<std::size_t>{0, 1, 2, 0}, {2, 1, 0, 2}, {1, 2, 0, 1}}) {
    Index index;
    for (const std::size_t i : order) index.add(packs[i]);
    EXPECT_EQ(index.find(BlobType::kData, id)->pack, packs[0].id);
    EXPECT_TRUE(index.places(BlobType::kTree, id).empty());
    std::set<PackId> places;
    for (const BlobLocation& at : index.places(BlobType::kData, id)) places.insert(at.pack);
    EXPECT_EQ(index.places(BlobType::kData, id).size(), 3U);
    EXPECT_EQ(places.size(), 3U);
  }
}

TEST(Index, ForgetsWhatLiesInDamagedPacks) {
  const auto both = idOf<BlobId>(1), one = idOf<BlobId>(2);
  IndexedPack a{.id = idOf<PackId>(1), .blobs = {{.id = both, .stored_bytes = 50}}};
  IndexedPack b{.id = idOf<PackId>(2),
                .blobs = {{.id = both, .stored_bytes = 50}, {.id = one, .offset = 50, .stored_bytes = 50}}};
  for (const bool swapped : {false, true}) {
    if (swapped) std::swap(a.id, b.id);
    Index index;
    index.add(a);
    index.add(b);
    std::vector<PackId> asked;
    const auto dropped = index.dropPacks([&](const PackId& pack, std::uint64_t bytes_min) {
      asked.push_back(pack);
      EXPECT_EQ(bytes_min, packFileBytes(pack == a.id ? a.blobs : b.blobs));
      return pack == a.id;
    });
    EXPECT_EQ(asked.size(), 2U);
    EXPECT_EQ(dropped, std::vector<PackId>{b.id});
    EXPECT_EQ(index.find(BlobType::kData, both)->pack, a.id);
    EXPECT_EQ(index.places(BlobType::kData, both).size(), 1U);
    EXPECT_FALSE(index.has(BlobType::kData, one));
    EXPECT_TRUE(index.isLost(BlobType::kData, one));
    EXPECT_FALSE(index.claim(BlobType::kData, both));
    EXPECT_TRUE(index.claim(BlobType::kData, one));
    EXPECT_FALSE(index.claim(BlobType::kData, one));
    index.add({.id = idOf<PackId>(3), .blobs = {{.id = one, .stored_bytes = 50}}});
    EXPECT_EQ(index.find(BlobType::kData, one)->pack, idOf<PackId>(3));
  }
}

// Two index files, each with a part of one pack, and one that says a blob twice.
TEST(Index, APackIsNoShorterThanWhatAnyIndexFileNamesOfIt) {
  const PackedBlob first{.id = idOf<BlobId>(1), .stored_bytes = 50};
  const PackedBlob second{.id = idOf<BlobId>(2), .offset = 50, .stored_bytes = 70};
  Index index;
  index.add({.id = idOf<PackId>(1), .blobs = {second}});
  index.add({.id = idOf<PackId>(1), .blobs = {first, first}});
  index.dropPacks([&](const PackId&, std::uint64_t bytes_min) {
    EXPECT_LE(bytes_min, packFileBytes({first, second}));
    EXPECT_GE(bytes_min, 120U);
    return true;
  });
  EXPECT_TRUE(index.has(BlobType::kData, first.id));
}

TEST(IndexFile, RefusesNonsense) {
  for (
      const char* bad :
      {"", "{", "[]", R"({"packs":[{"id":"xyz","blobs":[]}]})", R"({"packs":[{"blobs":[]}]})",
       R"({"packs":[{"id":"0000000000000000000000000000000000000000000000000000000000000000","blobs":[{"id":"0000000000000000000000000000000000000000000000000000000000000000","type":"data","offset":4294967295,"length":100}]}]})"}) {
    EXPECT_THROW(decodeIndex(asBytes(bad), "index"), Error) << bad;
  }
}

// --- trees and snapshots

Node sampleNode() {
  Node node;
  node.name = "odd \xff name\n\"";
  node.mode = goMode(S_IFREG | S_ISUID | 0751);
  node.mtime = {1'700'000'000'123'456'789};
  node.atime = node.mtime;
  node.ctime = {-5};
  node.uid = 4294967295U;
  node.gid = 7;
  node.user = "dentist";
  node.inode = 0xFFFFFFFFFFFFFFFFULL;
  node.size = 12;
  node.links = 2;
  node.device_id = 99;
  node.extended_attributes = {{"user.note", toBytes(asBytes(std::string_view("\0\x01", 2)))},
                              {"user.empty", {}}};
  node.content = {idOf<BlobId>(1), idOf<BlobId>(2)};
  return node;
}

TEST(Tree, ComesBackWithAllMetadata) {
  Node link;
  link.name = "z link";
  link.type = NodeType::kSymlink;
  link.mode = goMode(S_IFLNK | 0777);
  link.link_target = "to \xfe nowhere";
  Node folder;
  folder.name = "a folder";
  folder.type = NodeType::kDirectory;
  folder.mode = goMode(S_IFDIR | S_ISVTX | S_ISGID | 0755);
  folder.subtree = idOf<BlobId>(3);
  const Tree tree{{folder, sampleNode(), link}};
  const Bytes json = encodeTree(tree);
  EXPECT_EQ(json.back(), '\n');
  EXPECT_EQ(decodeTree(json, "tree").nodes, tree.nodes);
  EXPECT_EQ(decodeTree(json, "tree").find("a folder")->subtree, folder.subtree);
  EXPECT_EQ(decodeTree(json, "tree").find("b"), nullptr);
}

// Put down by hand from restic's Node and Go's encoding/json: the bytes restic writes for this tree.
TEST(Tree, IsWrittenAsResticWritesIt) {
  Node file;
  file.name = "R&D <x>\u00a0.jpg";
  file.mode = 0644;
  file.mtime = {1'700'000'000'500'000'000};
  file.user = "a&b";
  file.inode = 5;
  file.size = 3;
  file.links = 1;
  file.extended_attributes = {{"user.<n>", toBytes(asBytes("v"))}, {"user.o", {}}};
  file.content = {idOf<BlobId>(1), idOf<BlobId>(2)};
  Node link;
  link.name = "s";
  link.type = NodeType::kSymlink;
  link.mode = goMode(S_IFLNK | 0777);
  link.link_target = "x\xff\ufffd";
  const Bytes json = encodeTree({{file, link}});
  EXPECT_EQ(
      asText(json),
      R"({"nodes":[{"name":"R\u0026D \u003cx\u003e\\u00a0.jpg","type":"file","mode":420,)"
      R"("mtime":"2023-11-14T22:13:20.5Z","atime":"1970-01-01T00:00:00Z","ctime":"1970-01-01T00:00:00Z",)"
      R"("uid":0,"gid":0,"user":"a\u0026b","inode":5,"size":3,"links":1,)"
      R"("extended_attributes":[{"name":"user.\u003cn\u003e","value":"dg=="},{"name":"user.o","value":""}],)"
      R"("content":[")" +
          idOf<BlobId>(1).hex() + R"(",")" + idOf<BlobId>(2).hex() +
          R"("]},{"name":"s","type":"symlink","mode":134218239,"mtime":"1970-01-01T00:00:00Z",)"
          R"("atime":"1970-01-01T00:00:00Z","ctime":"1970-01-01T00:00:00Z","uid":0,"gid":0,)"
          "\"linktarget\":\"x\\ufffd\ufffd\",\"linktarget_raw\":\"eP/vv70=\","
          "\"content\":null}]}\n");
  EXPECT_EQ(decodeTree(json, "tree").nodes, (std::vector<Node>{file, link}));
}

TEST(Tree, RefusesNamesThatLeaveTheirFolder) {
  for (const char* name : {"..", ".", "", "a/b", R"(a\\x00b)", R"(..\\x2f)"}) {
    const std::string json = R"({"nodes":[{"name":")" + std::string(name) + R"(","type":"file"}]})";
    EXPECT_THROW(decodeTree(asBytes(json), "tree"), Error) << name;
  }
  EXPECT_THROW(
      decodeTree(asBytes(R"({"nodes":[{"name":"b","type":"file"},{"name":"a","type":"file"}]})"), "tree"),
      Error);
  EXPECT_THROW(decodeTree(asBytes(R"({"nodes":[{"name":"a","type":"dir"}]})"), "tree"), Error);
}

TEST(Tree, ModesConvertBothWays) {
  for (const mode_t mode :
       {S_IFREG | 0644U, S_IFDIR | S_ISVTX | 0777U, S_IFLNK | 0777U, S_IFCHR | 0600U, S_IFBLK | 0660U,
        S_IFIFO | 0600U, S_IFSOCK | 0755U, S_IFREG | S_ISUID | S_ISGID | 0755U}) {
    EXPECT_EQ(unixMode(goMode(mode)), mode);
  }
  EXPECT_EQ(goMode(S_IFDIR | 0755), 2147484141U);  // as restic prints it
}

TEST(Snapshot, ComesBack) {
  Snapshot s;
  s.time = {1'700'000'000'000'000'001};
  s.parent = idOf<SnapshotId>(4);
  s.tree = idOf<BlobId>(5);
  s.paths = {"/database", "/images"};
  s.hostname = "server";
  s.username = "root";
  s.tags = {"nightly"};
  s.program_version = "enamel 0.1.0";
  s.summary = SnapshotSummary{.files_new = 3, .data_added = 1ULL << 40};
  const Snapshot again = decodeSnapshot(encodeSnapshot(s), idOf<SnapshotId>(9));
  EXPECT_EQ(again.id, idOf<SnapshotId>(9));
  EXPECT_EQ(again.time, s.time);
  EXPECT_EQ(again.parent, s.parent);
  EXPECT_EQ(again.tree, s.tree);
  EXPECT_EQ(again.paths, s.paths);
  EXPECT_EQ(again.tags, s.tags);
  EXPECT_EQ(again.summary, s.summary);
  EXPECT_TRUE(again.hasTag("nightly"));
}

}  // namespace
}  // namespace enamel::repository
