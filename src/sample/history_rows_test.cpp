#include "sample/history_rows.h"

#include <gtest/gtest.h>

namespace enamel::sample {
namespace {

TEST(HistoryRowsTest, loggedFieldsFollowOneAnother) {
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
}

}  // namespace
}  // namespace enamel::sample
