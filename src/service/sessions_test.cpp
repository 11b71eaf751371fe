#include "service/sessions.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace enamel::service {
namespace {

using namespace std::chrono_literals;

const Principal kSarah{
    .name = "Sarah", .account = "open_dental", .may_back_up = true, .may_administer = false};
const Principal kTom{.name = "Tom", .account = "open_dental", .may_back_up = true, .may_administer = true};
const Sessions::Time kMorning = Sessions::Time(std::chrono::hours(1000));

Sessions::Options shortOptions() {
  return {.lifetime = 12h, .idle = 60min, .per_person_max = 3, .all_max = 5};
}

TEST(Sessions, aSecretOpensItsSessionAndNoOther) {
  Sessions sessions(shortOptions());
  const auto sarah = sessions.create(kSarah, kMorning);
  const auto tom = sessions.create(kTom, kMorning);
  EXPECT_NE(sarah.secret, tom.secret);
  EXPECT_NE(sarah.secret, sarah.csrf);
  const auto found = sessions.use(sarah.secret, kMorning);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->principal, kSarah);
  EXPECT_EQ(found->csrf, sarah.csrf);
  EXPECT_FALSE(sessions.use(sarah.csrf, kMorning));
  EXPECT_FALSE(sessions.use("", kMorning));
  EXPECT_FALSE(sessions.use(sarah.secret.substr(1), kMorning));
}

TEST(Sessions, endsWhenNothingIsDoneForAnHour) {
  Sessions sessions(shortOptions());
  const auto sarah = sessions.create(kSarah, kMorning);
  EXPECT_TRUE(sessions.use(sarah.secret, kMorning + 59min));
  EXPECT_TRUE(sessions.use(sarah.secret, kMorning + 118min));
  EXPECT_FALSE(sessions.use(sarah.secret, kMorning + 178min));
  EXPECT_FALSE(sessions.use(sarah.secret, kMorning + 119min)) << "what is over stays over";
}

TEST(Sessions, endsAfterItsLifetimeHoweverBusy) {
  Sessions sessions(shortOptions());
  const auto sarah = sessions.create(kSarah, kMorning);
  for (auto time = 0min; time < 12h; time += 30min) EXPECT_TRUE(sessions.use(sarah.secret, kMorning + time));
  EXPECT_FALSE(sessions.use(sarah.secret, kMorning + 12h));
}

TEST(Sessions, signingOutEndsOneOrAllOfAPerson) {
  Sessions sessions(shortOptions());
  const auto desk = sessions.create(kSarah, kMorning);
  const auto home = sessions.create(kSarah, kMorning);
  const auto tom = sessions.create(kTom, kMorning);
  sessions.end(desk.secret);
  EXPECT_FALSE(sessions.use(desk.secret, kMorning));
  EXPECT_TRUE(sessions.use(home.secret, kMorning));
  sessions.create(kSarah, kMorning);
  EXPECT_EQ(sessions.endAllOf(kSarah, kMorning), 2U);
  EXPECT_FALSE(sessions.use(home.secret, kMorning));
  EXPECT_TRUE(sessions.use(tom.secret, kMorning));
}

// Whoever has a password must not be able to sign all others out, nor fill the memory.
TEST(Sessions, onePersonsManySessionsPushOutTheirOwn) {
  Sessions sessions(shortOptions());
  const auto tom = sessions.create(kTom, kMorning);
  std::vector<std::string> secrets;
  for (int i = 0; i < 50; ++i) secrets.push_back(sessions.create(kSarah, kMorning + 1s * i).secret);
  EXPECT_EQ(sessions.count(kMorning + 50s), 4U);
  EXPECT_TRUE(sessions.use(tom.secret, kMorning + 50s));
  EXPECT_TRUE(sessions.use(secrets[49], kMorning + 50s));
  EXPECT_TRUE(sessions.use(secrets[47], kMorning + 50s));
  EXPECT_FALSE(sessions.use(secrets[46], kMorning + 50s));
}

TEST(Sessions, theNumberOfAllIsBounded) {
  Sessions sessions(shortOptions());
  for (int i = 0; i < 50; ++i) {
    Principal person = kSarah;
    person.name += std::to_string(i);
    sessions.create(person, kMorning + 1s * i);
  }
  EXPECT_EQ(sessions.count(kMorning + 50s), 5U);
}

TEST(Sessions, secretsDiffer) {
  Sessions sessions({});
  std::set<std::string> secrets;
  for (int i = 0; i < 200; ++i) secrets.insert(sessions.create(kSarah, kMorning).secret);
  EXPECT_EQ(secrets.size(), 200U);
  EXPECT_EQ(secrets.begin()->size(), 64U);
}

}  // namespace
}  // namespace enamel::service
