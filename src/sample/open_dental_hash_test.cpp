#include "sample/open_dental_hash.h"

#include <gtest/gtest.h>

#include "sample/history_rows.h"

namespace enamel::sample {
namespace {

TEST(OpenDentalHashTest, passwordMatchesTheKnownValue) {
  EXPECT_EQ(passwordHash("", " "),
            "J3k3VWdgC8ffI5EhDVNr8aNfrtYZqm+bwUDFSbTbArOodGBxByKJC8S1gRmJwNKO0omhhpjb6DWp8nBMlfm4cA==");
  EXPECT_EQ(passwordField("salt", "x"), "SHA3_512$salt$" + passwordHash("", "saltx"));
}

TEST(OpenDentalHashTest, writesUtf16LittleEndian) {
  using namespace std::string_literals;
  EXPECT_EQ(utf16FromUtf8("A\xc3\xbc"), "A\0\xfc\0"s);
  EXPECT_EQ(utf16FromUtf8("\xe2\x82\xac"), "\xac\x20"s);
  EXPECT_EQ(utf16FromUtf8("\xf0\x9f\xa6\xb7"), "\x3e\xd8\xb7\xdd"s);
  EXPECT_EQ(utf16FromUtf8("\xff"), "\xfd\xff"s);
  EXPECT_EQ(utf16FromUtf8("\xe2\x82"), "\xfd\xff"s);
}

TEST(OpenDentalHashTest, logFieldsFollowOneAnother) {
  LogEntry entry;
  entry.permission = 16;
  entry.user = 3;
  entry.day = kLastDay;
  entry.second = 29700;
  entry.text = "Payment";
  entry.patient = 42;
  EXPECT_EQ(hashedFields(entry), "1632026-11-20 08:15:00Payment42");
  entry.previous_day = kLastDay - 1;
  EXPECT_EQ(hashedFields(entry), "1632026-11-20 08:15:00Payment422026-11-19 08:15:00");
  // printf '1632026-11-20 08:15:00Payment42' | iconv -t UTF-16LE | openssl dgst -sha256 -binary | base64
  EXPECT_EQ(logHash("1632026-11-20 08:15:00Payment42"), "OFMtqUzfGuIjfnPl8hol8dE62/9DhKhUsp1aorEvGEg=");
}

}  // namespace
}  // namespace enamel::sample
