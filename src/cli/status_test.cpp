#include "cli/status.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/testing/test_context.h"

namespace enamel::cli {
namespace {

Status sample() {
  Status status;
  status.phase = "reading images";
  status.current = "A/AdamsTom12/x.jpg";
  status.bytes_done = 512 << 20;
  status.bytes_total = 1 << 30;
  status.files_done = 5123;
  status.seconds_elapsed = 12.7;
  status.bytes_per_second = 32 << 20;
  return status;
}

TEST(StatusLine, SaysHowFarAndHowLong) {
  EXPECT_EQ(
      statusLine(sample(), 200),
      "reading images  50%  512.0 MiB of 1.0 GiB  5,123 files  32.0 MiB/s  0:16 left  A/AdamsTom12/x.jpg");
}

TEST(StatusLine, FitsTheTerminal) {
  for (std::size_t columns : {0, 1, 20, 79}) EXPECT_LE(statusLine(sample(), columns).size(), columns);
}

TEST(StatusLine, WithoutTotalsThereIsNoPercentage) {
  Status status = sample();
  status.bytes_total = 0;
  EXPECT_LT(status.fractionDone(), 0);
  EXPECT_EQ(statusLine(status, 200).find('%'), std::string::npos);
  EXPECT_EQ(statusLine(status, 200).find("left"), std::string::npos);
}

TEST(StatusLine, TablesAreThePercentageOnlyUntilFilesFollow) {
  Status status;
  status.tables_done = status.tables_total = 40;
  EXPECT_EQ(status.fractionDone(), 1);
  status.files_done = 1;
  EXPECT_LT(status.fractionDone(), 0);
}

TEST(StatusLine, MoreDoneThanExpectedIsNotMoreThanAll) {
  Status status = sample();
  status.bytes_done = status.bytes_total + 1;
  EXPECT_EQ(status.fractionDone(), 1);
  EXPECT_EQ(status.secondsRemaining(), 0);
}

TEST(StatusJson, HasResticsNames) {
  const auto object = nlohmann::json::parse(statusJson(sample()));
  EXPECT_EQ(object["message_type"], "status");
  EXPECT_EQ(object["percent_done"], 0.5);
  EXPECT_EQ(object["files_done"], 5123);
  EXPECT_EQ(object["total_bytes"], 1 << 30);
  EXPECT_EQ(object["seconds_elapsed"], 12);
  EXPECT_EQ(object["seconds_remaining"], 16);
  EXPECT_EQ(object["current_files"], nlohmann::json::array({"A/AdamsTom12/x.jpg"}));
  EXPECT_EQ(object["phase"], "reading images");
}

TEST(StatusJson, IsValidUtf8WhateverTheFileIsCalled) {
  Status status = sample();
  status.current = "\xFF\xFE\n";
  EXPECT_TRUE(nlohmann::json::accept(statusJson(status)));
}

TEST(StatusDisplay, IsSilentWithoutATerminal) {
  TestContext test;
  const Progress progress;
  { const StatusDisplay display(test.context, progress); }
  EXPECT_EQ(test.out.str() + test.err.str(), "");
}

}  // namespace
}  // namespace enamel::cli
