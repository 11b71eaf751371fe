#include "http/range.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace enamel::http {
namespace {

TEST(Range, OneOfTheThreeForms) {
  for (const auto& [field, offset, size] :
       {std::tuple{"bytes=0-0", 0U, 1U}, std::tuple{"bytes=2-5", 2U, 4U}, std::tuple{"bytes=7-", 7U, 3U},
        std::tuple{"bytes=-3", 7U, 3U}, std::tuple{"bytes=-99", 0U, 10U}, std::tuple{"bytes=5-99", 5U, 5U},
        std::tuple{"Bytes = 9-9", 9U, 1U}, std::tuple{"bytes=1-99999999999999999999999", 1U, 9U}}) {
    const RangeRequest request = parseRange(field, 10);
    EXPECT_EQ(request.kind, RangeKind::kPart) << field;
    EXPECT_EQ(request.range, (ByteRange{offset, size})) << field;
  }
}

TEST(Range, PastTheEndIsUnsatisfiable) {
  for (const char* field : {"bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99999999999999999999999-"})
    EXPECT_EQ(parseRange(field, 10).kind, RangeKind::kUnsatisfiable) << field;
  EXPECT_EQ(parseRange("bytes=0-", 0).kind, RangeKind::kUnsatisfiable);
  EXPECT_EQ(parseRange("bytes=-5", 0).kind, RangeKind::kUnsatisfiable);
}

TEST(Range, WhatIsNotUnderstoodIsTheWhole) {
  for (const char* field :
       {"", "bytes", "bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "bytes=1", "lines=1-2", "bytes=0-1,3-4",
        "bytes=+1-2", "bytes=1 -2", "bytes=--1", "bytes=0x1-2"})
    EXPECT_EQ(parseRange(field, 10).kind, RangeKind::kWhole) << field;
}

RC_GTEST_PROP(Range, APartIsNeverEmptyAndLiesInside,
              (std::uint64_t first, std::uint64_t last, std::uint64_t size)) {
  const std::string field = "bytes=" + std::to_string(first) + "-" + std::to_string(last);
  const RangeRequest request = parseRange(field, size);
  if (request.kind == RangeKind::kPart) {
    RC_ASSERT(request.range.size > 0U);
    RC_ASSERT(request.range.offset == first);
    RC_ASSERT(request.range.size <= size - request.range.offset);
  } else {
    RC_ASSERT(last < first || first >= size);
  }
}

}  // namespace
}  // namespace enamel::http
