#include "mariadb/file_name.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "base/error.h"
#include "base/file.h"
#include "mariadb/connection.h"
#include "mariadb/private_server.h"

namespace enamel::mariadb {
namespace {

TEST(FileName, KnownNames) {
  EXPECT_EQ(encodeFileName("patient"), "patient");
  EXPECT_EQ(encodeFileName("a-b/c.d$"), "a@002db@002fc@002ed@0024");
  EXPECT_EQ(encodeFileName("é€日"), "@0p@20ac@65e5");
  EXPECT_EQ(encodeFileName("aux"), "aux@@@");
  EXPECT_EQ(encodeFileName("COM1"), "COM1@@@");
  EXPECT_EQ(encodeFileName("#mysql50#a-b"), "a-b");
}

TEST(FileName, OnlyTheServersOwnFormDecodes) {
  EXPECT_EQ(decodeFileName("@0p"), "é");
  for (const char* stem : {"", "a-b", "@", "@0", "@00", "@002", "@002D", "@0061", "@00e9", "aux", "@@@",
                           "a@@@", "@0000", "@d800", "../x", "@ffff@"})
    EXPECT_FALSE(decodeFileName(stem)) << stem;
}

TEST(FileName, WhatIsNoUtf8IsRefused) {
  for (const std::string name : {"\xC3", "\xED\xA0\x80", "\xF0\x9F\x98\x80", "\xC0\x80"})
    EXPECT_THROW(encodeFileName(name), Error);
}

RC_GTEST_PROP(FileName, WhatIsEncodedDecodes, ()) {
  std::string name;
  for (const auto point :
       *rc::gen::nonEmpty(rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange(1U, 0xFFFFU)))) {
    if (point >= 0xD800 && point < 0xE000) continue;
    if (point < 0x80) {
      name += static_cast<char>(point);
    } else if (point < 0x800) {
      name += static_cast<char>(0xC0 | point >> 6);
      name += static_cast<char>(0x80 | (point & 0x3F));
    } else {
      name += static_cast<char>(0xE0 | point >> 12);
      name += static_cast<char>(0x80 | (point >> 6 & 0x3F));
      name += static_cast<char>(0x80 | (point & 0x3F));
    }
  }
  RC_PRE(!name.empty());
  const std::string stem = encodeFileName(name);
  RC_ASSERT(stem.find_first_of("/.\\#`") == std::string::npos);
  RC_ASSERT(decodeFileName(stem) == name);
}

TEST(FileName, AgreesWithTheServerOnEveryCharacter) {
  const TempDirectory scratch;
  PrivateServer::Options options;
  options.folder = scratch.path() / "server";
  const PrivateServer server(options);
  Connection connection(server.address("mysql"));
  int differ = 0;
  connection.stream(
      "SELECT CONVERT(CHAR(seq USING ucs2) USING utf8mb3), HEX(CONVERT(CONVERT(CHAR(seq USING ucs2) USING "
      "utf8mb3) USING "
      "filename)) FROM mysql.seq_1_to_65535 WHERE seq NOT BETWEEN 55296 AND 57343",
      [&](const Row& row) {
        const auto stem = fromHex(row[1].text());
        if (encodeFileName(row[0].text()) != asText(*stem)) ++differ;
      });
  EXPECT_EQ(differ, 0);
}

}  // namespace
}  // namespace enamel::mariadb
