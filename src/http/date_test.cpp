#include "http/date.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace enamel::http {
namespace {

TEST(HttpDate, IsThatOfTheStandard) {
  EXPECT_EQ(formatHttpDate(784'111'777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(parseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT"), 784'111'777);
  EXPECT_EQ(formatHttpDate(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(HttpDate, AnythingElseIsNone) {
  for (const char* text :
       {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Mon, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Xxx 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:61:37 GMT", "Sun, +6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1969 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:-1 GMT"})
    EXPECT_FALSE(parseHttpDate(text)) << text;
}

RC_GTEST_PROP(HttpDate, ReadsWhatItWrote, ()) {
  const auto seconds = *rc::gen::inRange<std::int64_t>(0, 253'402'300'800);  // to the end of 9999
  RC_ASSERT(parseHttpDate(formatHttpDate(seconds)) == seconds);
}

}  // namespace
}  // namespace enamel::http
