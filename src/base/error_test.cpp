#include "base/error.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <set>
#include <string>
#include <vector>

#include "base/cancel.h"

namespace enamel {
namespace {

struct Row {
  ErrorCode code;
  std::string name;
  int exit_code;
};

const std::vector<Row>& allCodes() {
  static const std::vector<Row> kRows = {
#define ENAMEL_ERROR_CODE(enumerator, name, exit_code) {ErrorCode::enumerator, name, exit_code},
#include "base/error_codes.def"
#undef ENAMEL_ERROR_CODE
  };
  return kRows;
}

TEST(Error, EveryCodeHasItsOwnNameAndItsExitCode) {
  std::set<std::string> names;
  for (const Row& row : allCodes()) {
    EXPECT_EQ(errorName(row.code), row.name);
    EXPECT_EQ(exitCode(row.code), row.exit_code);
    EXPECT_TRUE(names.insert(row.name).second) << row.name << " is there twice";
  }
}

// Scripts written for restic act on these numbers.
TEST(Error, ExitCodesAreRestics) {
  EXPECT_EQ(exitCode(ErrorCode::kUsage), 2);
  EXPECT_EQ(exitCode(ErrorCode::kIncomplete), 3);
  EXPECT_EQ(exitCode(ErrorCode::kNoRepository), 10);
  EXPECT_EQ(exitCode(ErrorCode::kRepositoryLocked), 11);
  EXPECT_EQ(exitCode(ErrorCode::kWrongPassword), 12);
  EXPECT_EQ(exitCode(ErrorCode::kCancelled), 130);
  for (const Row& row : allCodes()) EXPECT_NE(row.exit_code, 0) << row.name;
}

TEST(Error, ContextGoesBeforeTheMessageOutermostFirst) {
  Error error(ErrorCode::kIo, "read failed", "look at the cable");
  error.addContext("table patient");
  error.addContext("backup");
  EXPECT_STREQ(error.what(), "backup: table patient: read failed");
  EXPECT_EQ(error.code(), ErrorCode::kIo);
  EXPECT_EQ(error.hint(), "look at the cable");
}

TEST(Error, TheFirstHintStays) {
  Error error(ErrorCode::kIo, "read failed");
  EXPECT_EQ(error.hint(), "");
  error.addHint("nearest to the cause");
  error.addHint("further away");
  EXPECT_EQ(error.hint(), "nearest to the cause");
}

TEST(Error, SystemErrorsNameTheThingAndTheCause) {
  const Error error = systemError("open /x/y", ENOENT);
  EXPECT_STREQ(error.what(), "open /x/y: No such file or directory");
  EXPECT_EQ(error.code(), ErrorCode::kNotFound);
}

TEST(Error, SystemErrorNumbersBecomeCodes) {
  const std::vector<std::pair<int, ErrorCode>> expected = {
      {ENOSPC, ErrorCode::kNoSpace},   {EDQUOT, ErrorCode::kNoSpace},   {EACCES, ErrorCode::kPermission},
      {EPERM, ErrorCode::kPermission}, {EROFS, ErrorCode::kPermission}, {ENOENT, ErrorCode::kNotFound},
      {EEXIST, ErrorCode::kExists},    {EIO, ErrorCode::kIo},           {EISDIR, ErrorCode::kIo},
  };
  for (const auto& [number, code] : expected) EXPECT_EQ(systemError("x", number).code(), code) << number;
}

TEST(Error, WhatTheUserCanDoIsSaidWhereItIsKnown) {
  for (const int number : {ENOSPC, EDQUOT, EROFS, EACCES, EPERM})
    EXPECT_NE(systemError("x", number).hint(), "") << number;
}

TEST(CancelToken, ThrowsOnceCancelledAndNotBefore) {
  CancelToken token;
  EXPECT_FALSE(token.cancelled());
  EXPECT_NO_THROW(token.check());
  token.cancel();
  EXPECT_TRUE(token.cancelled());
  try {
    token.check();
    FAIL() << "check() did not throw";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
  EXPECT_FALSE(CancelToken::never().cancelled());
}

TEST(ErrorDeathTest, AFailedCheckEndsTheProcessAndSaysWhere) {
  EXPECT_DEATH(ENAMEL_CHECK(1 + 1 == 3), "check failed: 1 \\+ 1 == 3 \\(.*error_test.cpp:");
}

}  // namespace
}  // namespace enamel
