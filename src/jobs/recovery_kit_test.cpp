#include "jobs/recovery_kit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/error.h"
#include "hash/sha256.h"
#include "jobs/recovery_words.h"

namespace enamel::jobs {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(RecoveryWords, areTwelveOfTheListAndNeverTheSame) {
  const std::string list[] = {
#include "jobs/recovery_words.def"
  };
  std::string joined;
  for (const std::string& word : list) joined += word + "\n";
  EXPECT_EQ(Sha256::of(asBytes(joined)).hex(),
            "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda")
      << "the published list";
  const std::set<std::string> known(std::begin(list), std::end(list));
  std::set<std::string> all, used;
  for (int i = 0; i < 1000; ++i) {
    const std::string password = randomRecoveryWords();
    const std::vector<std::string> words = wordsOf(password);
    ASSERT_EQ(words.size(), kRecoveryWords);
    std::string again;
    for (const std::string& word : words) {
      EXPECT_TRUE(known.count(word)) << word;
      again += (again.empty() ? "" : " ") + word;
    }
    EXPECT_EQ(again, password) << "one blank between two";
    EXPECT_TRUE(all.insert(password).second);
    used.insert(words.begin(), words.end());
  }
  // Of 12,000 draws from 2048 words each is missed with a chance of 0.3 %.
  EXPECT_GT(used.size(), 1950U);
}

TEST(RecoveryWords, areComparedAsAPersonTypesThem) {
  EXPECT_TRUE(isSameWord("  Abandon ", "abandon"));
  EXPECT_FALSE(isSameWord("abandons", "abandon"));
  EXPECT_FALSE(isSameWord("", "abandon"));
  EXPECT_FALSE(isSameWord("HUNTER2", "hunter2")) << "a password set by hand has a case";
  EXPECT_THAT(wordsOf(" set  by hand "), ElementsAre("set", "by", "hand"));
  EXPECT_THAT(wordsOf("hunter2"), ElementsAre("hunter2"));
}

TEST(RecoveryKit, isAPdfWhateverTheNames) {
  RecoveryKit kit{.practice = "Zahnärzte \xE9\xBD\xBF (Müller) \n\x01",
                  .date = "2026-11-29",
                  .repository_path = "/mnt/it's here/" + std::string(300, 'x'),
                  .repository_id = std::string(64, 'a'),
                  .password = randomRecoveryWords()};
  EXPECT_THAT(recoveryKitPdf(kit), StartsWith("%PDF-"));
  EXPECT_THAT(recoveryKitPdf(kit), HasSubstr("%%EOF"));
  EXPECT_THAT(recoveryKitPdf(kit), Not(HasSubstr(kit.password)));
  kit.practice = "";
  EXPECT_THAT(recoveryKitPdf(kit), StartsWith("%PDF-"));
  kit.password = std::string(5000, 'x');
  EXPECT_THROW(recoveryKitPdf(kit), Error);
}

}  // namespace
}  // namespace enamel::jobs
