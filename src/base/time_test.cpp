#include "base/time.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace enamel {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t parsed(const std::string& text) {
  const auto time = parseRfc3339(text);
  EXPECT_TRUE(time.has_value()) << text;
  return time ? time->ns : -1;
}

TEST(Rfc3339, WritesUtcWithAsManyDigitsAsNeeded) {
  EXPECT_EQ(formatRfc3339({0}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(formatRfc3339({kSecond + kSecond / 2}), "1970-01-01T00:00:01.5Z");
  EXPECT_EQ(formatRfc3339({1}), "1970-01-01T00:00:00.000000001Z");
  EXPECT_EQ(formatRfc3339({-1}), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(formatRfc3339({951782400 * kSecond}), "2000-02-29T00:00:00Z");
}

TEST(Rfc3339, ReadsOffsetsAndFractions) {
  EXPECT_EQ(parsed("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parsed("1970-01-01t00:00:00z"), 0);
  EXPECT_EQ(parsed("1970-01-01T01:30:00+01:30"), 0);
  EXPECT_EQ(parsed("1969-12-31T16:00:00-08:00"), 0);
  EXPECT_EQ(parsed("1970-01-01T00:00:00-00:00"), 0);
  EXPECT_EQ(parsed("1970-01-01T00:00:00.25Z"), kSecond / 4);
  EXPECT_EQ(parsed("1969-12-31T23:59:59.999999999Z"), -1);
  // restic writes the local offset of the machine, with nanoseconds.
  EXPECT_EQ(parsed("2026-11-22T10:41:00.123456789+01:00"), parsed("2026-11-22T09:41:00.123456789Z"));
}

// Go's zero time, and what other programs may have written.
TEST(Rfc3339, YearsOutsideTheRangeAreClampedToIt) {
  EXPECT_EQ(parsed("0001-01-01T00:00:00Z"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(parsed("9999-12-31T23:59:59Z"), std::numeric_limits<std::int64_t>::max());
}

TEST(Rfc3339, RefusesWhatIsNone) {
  for (const char* text : {"",
                           "2026",
                           "2026-11-22",
                           "2026-11-22T09:41Z",
                           "2026-11-22 09:41:00Z",
                           "2026-11-22T09:41:00",
                           "2026-11-22T09:41:00.Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-02-29T00:00:00Z",
                           "2026-11-22T24:00:00Z",
                           "2026-11-22T00:60:00Z",
                           "2026-11-22T00:00:61Z",
                           "2026-11-22T00:00:00+24:00",
                           "2026-11-22T00:00:00+01:60",
                           "2026-11-22T00:00:00+0100",
                           "2026-11-22T00:00:00Zx",
                           "-026-11-22T00:00:00Z",
                           "2026-11-22T00:00:00.1+",
                           "2026-1a-22T00:00:00Z"})
    EXPECT_FALSE(parseRfc3339(text)) << text;
}

RC_GTEST_PROP(Rfc3339, WhatGoesInComesOut, (std::int64_t ns)) {
  // Near the ends the calendar's second would leave the range; the clamp there has a test of its own.
  RC_PRE(ns > std::numeric_limits<std::int64_t>::min() + 2 * kSecond);
  RC_PRE(ns < std::numeric_limits<std::int64_t>::max() - 2 * kSecond);
  const auto back = parseRfc3339(formatRfc3339({ns}));
  RC_ASSERT(back.has_value());
  RC_ASSERT(back->ns == ns);
}

RC_GTEST_PROP(Rfc3339, TheOrderOfTextsIsTheOrderOfTimes, (std::int32_t a, std::int32_t b)) {
  const std::string first = formatRfc3339({a * kSecond}), second = formatRfc3339({b * kSecond});
  RC_ASSERT((a < b) == (first < second));
}

TEST(Clock, TheSystemsClockGoesOn) {
  const Timestamp first = Clock::system().now();
  EXPECT_GT(first.ns, parsed("2020-01-01T00:00:00Z"));
  const double start = monotonicSeconds();
  EXPECT_GE(monotonicSeconds(), start);
}

// The zone differs from machine to machine; offsets are whole quarters of an hour, so the seconds do not.
TEST(FormatLocal, LooksLikeADateAndATime) {
  const std::string text = formatLocal({-1});
  ASSERT_EQ(text.size(), 19U);
  EXPECT_EQ(text[4], '-');
  EXPECT_EQ(text[10], ' ');
  EXPECT_EQ(text.substr(17), "59");
}

}  // namespace
}  // namespace enamel
