#include "service/run_options.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "service/testing/test_state.h"

namespace enamel::service {
namespace {

constexpr RunKind kKinds[] = {RunKind::kBackup,  RunKind::kRestore, RunKind::kDrill,
                              RunKind::kForget,  RunKind::kPrune,   RunKind::kCheck,
                              RunKind::kRemoval, RunKind::kGoLive,  RunKind::kUndo};

ErrorCode refusal(RunKind kind, const std::string& json) {
  return errorCodeOf([&] { parseRunOptions(kind, json); });
}

TEST(RunOptions, aKindHasItsMembersAndNoOthers) {
  EXPECT_EQ(parseRunOptions(RunKind::kDrill, R"({"snapshot":"5f3a","read_images":0})").snapshot, "5f3a");
  EXPECT_FALSE(parseRunOptions(RunKind::kBackup, R"({"images":false})").images);
  EXPECT_TRUE(parseRunOptions(RunKind::kCheck, R"({"read_data":true})").read_data);
  EXPECT_EQ(parseRunOptions(RunKind::kRestore, R"({"images_to":"/a","only":["/images/A","/images/B"]})")
                .only.size(),
            2U);
  EXPECT_EQ(refusal(RunKind::kCheck, R"({"images":true})"), ErrorCode::kUsage);
  EXPECT_EQ(refusal(RunKind::kPrune, R"({"snapshots":[]})"), ErrorCode::kUsage);
  EXPECT_EQ(refusal(RunKind::kRemoval, R"({"dry_run":true})"), ErrorCode::kUsage);
}

TEST(RunOptions, theErrorNamesTheMemberAndNotItsValue) {
  const std::string text =
      errorTextOf([] { parseRunOptions(RunKind::kBackup, R"({"images":"secret words"})"); });
  EXPECT_NE(text.find("option images must be true or false"), std::string::npos) << text;
  EXPECT_EQ(text.find("secret"), std::string::npos) << text;
}

TEST(RunOptions, valuesThatCannotBeAreRefused) {
  for (const char* json :
       {"", "[]", "5", "null", "{", R"({"snapshot":5})", R"({"read_images":-1})", R"({"read_images":1.5})",
        R"({"read_images":100000001})", R"({"snapshot":"a\u0000b"})"})
    EXPECT_EQ(refusal(RunKind::kDrill, json), ErrorCode::kUsage) << json;
  EXPECT_EQ(refusal(RunKind::kForget, R"({"snapshots":"latest"})"), ErrorCode::kUsage);
  EXPECT_EQ(refusal(RunKind::kForget, R"({"snapshots":[1]})"), ErrorCode::kUsage);
  EXPECT_EQ(refusal(RunKind::kBackup, R"({"images":false,"database":false})"), ErrorCode::kUsage);
  EXPECT_EQ(refusal(RunKind::kRestore, "{}"), ErrorCode::kUsage);
  EXPECT_EQ(refusal(RunKind::kGoLive, R"({"confirm":"opendental"})"), ErrorCode::kUsage);
  EXPECT_EQ(refusal(RunKind::kGoLive, R"({"database":true,"confirm":"opendental"})"), ErrorCode::kUsage);
  EXPECT_EQ(refusal(RunKind::kUndo, R"({"database":"copy"})"), ErrorCode::kUsage);
  EXPECT_EQ(refusal(RunKind::kRestore, R"({"images_to":"/a","doc_path":"/b"})"), ErrorCode::kUsage);
  EXPECT_EQ(refusal(RunKind::kDrill, R"({"snapshot":")" + std::string(5000, 'a') + R"("})"),
            ErrorCode::kUsage);
  EXPECT_EQ(refusal(RunKind::kDrill, std::string(70'000, ' ') + "{}"), ErrorCode::kLimit);
}

// Equal options are one run however they were written.
TEST(RunOptions, orderAndDefaultsMakeNoDifference) {
  const auto canonical = [](const char* json) {
    return formatRunOptions(RunKind::kDrill, parseRunOptions(RunKind::kDrill, json));
  };
  EXPECT_EQ(canonical("{}"), canonical(R"({ "read_images" : 20, "snapshot" : "latest" })"));
  EXPECT_NE(canonical("{}"), canonical(R"({"read_images":21})"));
}

RC_GTEST_PROP(RunOptions, whatIsWrittenComesBack, ()) {
  const RunKind kind = *rc::gen::elementOf(std::vector<RunKind>(std::begin(kKinds), std::end(kKinds)));
  const auto ascii = rc::gen::container<std::string>(rc::gen::inRange('!', '~'));
  RunOptions options;
  options.images = *rc::gen::arbitrary<bool>();
  options.snapshot = *ascii;
  options.read_images = *rc::gen::inRange<std::uint64_t>(0, 1000);
  options.read_data = *rc::gen::arbitrary<bool>();
  options.snapshots = *rc::gen::container<std::vector<std::string>>(ascii);
  options.copy = "c" + *ascii;
  options.dry_run = *rc::gen::arbitrary<bool>();
  options.files_to = "/" + *ascii;
  options.only = *rc::gen::container<std::vector<std::string>>(ascii);
  const std::string json = formatRunOptions(kind, options);
  const RunOptions again = parseRunOptions(kind, json);
  RC_ASSERT(formatRunOptions(kind, again) == json);
}

}  // namespace
}  // namespace enamel::service
