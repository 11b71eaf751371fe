#include "http/problem.h"

#include <gtest/gtest.h>

#include <variant>

namespace enamel::http {
namespace {

std::string bodyOf(const Response& response) {
  return std::get<std::string>(response.body);
}

TEST(Problem, IsWrittenAsRfc9457Says) {
  Problem problem(409, "a backup is running", "busy", "wait for it");
  problem.headers().set("Retry-After", "5");
  const Response response = problem.response();
  EXPECT_EQ(response.status, 409);
  EXPECT_EQ(*response.headers.find("Content-Type"), "application/problem+json");
  EXPECT_EQ(*response.headers.find("Retry-After"), "5");
  EXPECT_EQ(
      bodyOf(response),
      R"({"type":"about:blank","title":"Conflict","status":409,"detail":"a backup is running","code":"busy","hint":"wait for it"})");
}

TEST(Problem, LeavesOutWhatIsEmptyAndSurvivesBytesThatAreNoText) {
  EXPECT_EQ(bodyOf(Problem(404).response()), R"({"type":"about:blank","title":"Not Found","status":404})");
  EXPECT_NE(bodyOf(Problem(404, "no file \xff").response()).find("no file \xef\xbf\xbd"), std::string::npos);
}

TEST(Problem, EveryErrorCodeHasAStatus) {
  for (const auto& [code, status] : {std::pair{ErrorCode::kUsage, 400},
                                     {ErrorCode::kNotFound, 404},
                                     {ErrorCode::kExists, 409},
                                     {ErrorCode::kRepositoryLocked, 409},
                                     {ErrorCode::kDatabaseBusy, 409},
                                     {ErrorCode::kPermission, 403},
                                     {ErrorCode::kDatabaseDenied, 403},
                                     {ErrorCode::kWrongPassword, 403},
                                     {ErrorCode::kLimit, 413},
                                     {ErrorCode::kNoSpace, 507},
                                     {ErrorCode::kDatabaseUnreachable, 503},
                                     {ErrorCode::kUnreachable, 502},
                                     {ErrorCode::kInternal, 500},
                                     {ErrorCode::kCorrupt, 500}})
    EXPECT_EQ(statusOf(code), status) << errorName(code);
}

TEST(Problem, OfAnErrorHasItsWordsUnlessTheyAreInternal) {
  const std::string shown =
      bodyOf(problemOf(Error(ErrorCode::kNotFound, "no snapshot ab", "list them")).response());
  EXPECT_NE(shown.find(R"("detail":"no snapshot ab","code":"not_found","hint":"list them")"),
            std::string::npos)
      << shown;
  const std::string hidden = bodyOf(problemOf(Error(ErrorCode::kInternal, "at 0xdead")).response());
  EXPECT_EQ(hidden.find("0xdead"), std::string::npos);
  EXPECT_NE(hidden.find(R"("code":"internal")"), std::string::npos);
}

}  // namespace
}  // namespace enamel::http
