#include "base/lockout.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <string>
#include <thread>
#include <vector>

namespace enamel {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using Time = Lockout::Time;

constexpr Time kNow = Time(std::chrono::hours(100));

// An address of its own for each attempt, so that only names count.
std::string anyAddress(int n) {
  return "10.0." + std::to_string(n / 250) + "." + std::to_string(n % 250);
}

TEST(LockoutTest, fiveFailuresLockTheUserForFiveMinutes) {
  Lockout lockout;
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(lockout.begin("anna", anyAddress(i), kNow + seconds(i)), std::nullopt);
  const Time until = kNow + seconds(4) + minutes(5);
  EXPECT_EQ(lockout.begin("anna", anyAddress(9), kNow + seconds(5)), until);
  EXPECT_EQ(lockout.begin("anna", anyAddress(9), until - seconds(1)), until)
      << "refused attempts add nothing";
  EXPECT_EQ(lockout.begin("ben", anyAddress(9), kNow + seconds(5)), std::nullopt);
  EXPECT_EQ(lockout.begin("anna", anyAddress(9), until), std::nullopt);
}

TEST(LockoutTest, fiveFailuresLockTheAddressWhateverTheNames) {
  Lockout lockout;
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(lockout.begin("user" + std::to_string(i), "192.0.2.7", kNow), std::nullopt);
  }
  EXPECT_EQ(lockout.begin("anna", "192.0.2.7", kNow), kNow + minutes(5));
  EXPECT_EQ(lockout.begin("anna", "192.0.2.8", kNow), std::nullopt);
}

TEST(LockoutTest, theLaterOfBothLocksCounts) {
  Lockout lockout;
  for (int i = 0; i < 5; ++i) lockout.begin("anna", anyAddress(i), kNow);
  for (int i = 0; i < 5; ++i) lockout.begin("user" + std::to_string(i), "192.0.2.7", kNow + minutes(1));
  EXPECT_EQ(lockout.begin("anna", "192.0.2.7", kNow + minutes(2)), kNow + minutes(6));
}

TEST(LockoutTest, writingANameOtherwiseIsNoWayAround) {
  Lockout lockout;
  int n = 0;
  for (const char* name : {"Müller", "MÜLLER", "müller", " Müller ", "mÜLLER\t"}) {
    EXPECT_EQ(lockout.begin(name, anyAddress(n++), kNow), std::nullopt);
  }
  EXPECT_NE(lockout.begin("müller", anyAddress(n), kNow), std::nullopt);
  EXPECT_EQ(lockout.begin("muller", anyAddress(n), kNow), std::nullopt);
}

TEST(LockoutTest, anIpv6NetworkIsOneAddress) {
  Lockout lockout;
  for (const char* address :
       {"2001:db8::1", "2001:db8::2", "2001:DB8:0:0::3", "2001:db8:0:0:ffff::4", "2001:db8::5%eth0"}) {
    EXPECT_EQ(lockout.begin(address, address, kNow), std::nullopt);
  }
  EXPECT_NE(lockout.begin("anna", "2001:db8::6", kNow), std::nullopt);
  EXPECT_EQ(lockout.begin("anna", "2001:db8:0:1::6", kNow), std::nullopt);
}

TEST(LockoutTest, anIpv4AddressWrittenAsIpv6IsTheSame) {
  Lockout lockout;
  for (int i = 0; i < 5; ++i) lockout.begin("user" + std::to_string(i), "192.0.2.7", kNow);
  EXPECT_NE(lockout.begin("anna", "::ffff:192.0.2.7", kNow), std::nullopt);
  EXPECT_EQ(lockout.begin("anna", "::ffff:192.0.2.8", kNow), std::nullopt);
}

TEST(LockoutTest, aSuccessForgetsTheUsersFailures) {
  Lockout lockout;
  for (int i = 0; i < 4; ++i) lockout.begin("anna", anyAddress(i), kNow);
  lockout.begin("anna", anyAddress(4), kNow);
  lockout.succeeded("Anna", anyAddress(4));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(lockout.begin("anna", anyAddress(10 + i), kNow), std::nullopt) << i;
  EXPECT_NE(lockout.begin("anna", anyAddress(20), kNow), std::nullopt);
}

TEST(LockoutTest, anAccountOfOnesOwnIsNoWayToTryThoseOfOthers) {
  Lockout lockout;
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(lockout.begin("own", "192.0.2.7", kNow), std::nullopt) << i;
    lockout.succeeded("own", "192.0.2.7");
    EXPECT_EQ(lockout.begin("victim" + std::to_string(i), "192.0.2.7", kNow), std::nullopt) << i;
  }
  EXPECT_NE(lockout.begin("own", "192.0.2.7", kNow), std::nullopt);
}

TEST(LockoutTest, anAttemptWithoutAnAnswerCountsForNothing) {
  Lockout lockout;
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(lockout.begin("anna", "192.0.2.7", kNow), std::nullopt) << i;
    lockout.abandoned("anna", "192.0.2.7");
  }
  EXPECT_EQ(lockout.size(), 0U);
}

TEST(LockoutTest, failuresAreForgottenARestAfterTheLastOne) {
  Lockout lockout;
  for (int i = 0; i < 4; ++i) lockout.begin("anna", anyAddress(i), kNow);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(lockout.begin("anna", anyAddress(10 + i), kNow + minutes(5)), std::nullopt) << i;
  }
  EXPECT_NE(lockout.begin("anna", anyAddress(20), kNow + minutes(5)), std::nullopt);
}

TEST(LockoutTest, whereEveryPlaceIsLockedStrangersWait) {
  Lockout lockout({.failures_max = 1, .rest = seconds(60), .keys_max = 2});
  EXPECT_EQ(lockout.begin("a", anyAddress(0), kNow), std::nullopt);
  EXPECT_EQ(lockout.begin("b", anyAddress(1), kNow + seconds(10)), std::nullopt);
  EXPECT_EQ(lockout.begin("c", anyAddress(2), kNow + seconds(20)), kNow + seconds(60));
  EXPECT_EQ(lockout.begin("c", anyAddress(2), kNow + seconds(60)), std::nullopt);
}

TEST(LockoutTest, aManyTimesFailedNameOutlastsAFloodOfOthers) {
  Lockout lockout({.keys_max = 50});
  for (int i = 0; i < 4; ++i) lockout.begin("anna", anyAddress(i), kNow);
  for (int i = 0; i < 5000; ++i) lockout.begin("flood" + std::to_string(i), anyAddress(100 + i), kNow);
  EXPECT_EQ(lockout.begin("anna", anyAddress(9000), kNow), std::nullopt);
  EXPECT_NE(lockout.begin("anna", anyAddress(9001), kNow), std::nullopt);
}

TEST(LockoutTest, attemptsAtOnceAreNoWayAround) {
  Lockout lockout;
  constexpr int kThreads = 8;
  constexpr int kAttempts = 50;
  std::atomic<int> allowed = 0;
  std::latch begin(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      begin.arrive_and_wait();
      for (int i = 0; i < kAttempts; ++i) {
        if (!lockout.begin("anna", anyAddress(t * kAttempts + i), kNow)) ++allowed;
        lockout.size();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(allowed, 5);
}

// In no stretch of time as long as a rest are there more than failures_max attempts on one name.
RC_GTEST_PROP(LockoutLaw, neverMoreThanTheLimitInARest, ()) {
  const Lockout::Options options{.failures_max = *rc::gen::inRange(1U, 6U), .rest = seconds(10)};
  Lockout lockout(options);
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8));
  std::vector<Time> allowed;
  Time now = kNow;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    now += seconds(steps[i]);
    if (lockout.begin("anna", anyAddress(static_cast<int>(i)), now)) continue;
    allowed.push_back(now);
    const auto in_rest =
        std::count_if(allowed.begin(), allowed.end(), [&](Time time) { return now - time < options.rest; });
    RC_ASSERT(in_rest <= static_cast<int>(options.failures_max));
  }
}

// A refusal names the time at which the attempt is allowed, if nobody else tries meanwhile.
RC_GTEST_PROP(LockoutLaw, aRefusalEndsWhenItSays, ()) {
  Lockout lockout({.failures_max = 3, .rest = seconds(10), .keys_max = 4});
  const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(0, 4), rc::gen::inRange(0, 8)));
  Time now = kNow;
  for (const auto& [step, user] : steps) {
    now += seconds(step);
    const std::string name = std::to_string(user);
    const auto until = lockout.begin(name, name, now);
    if (!until) continue;
    RC_ASSERT(*until > now);
    RC_ASSERT(lockout.begin(name, name, *until - seconds(1)).has_value());
    now = *until;
    RC_ASSERT(!lockout.begin(name, name, now).has_value());
  }
}

// Whatever else comes in, a lock holds to its end and memory stays bounded.
RC_GTEST_PROP(LockoutLaw, aLockHoldsAndMemoryIsBoundedWhateverComesIn, ()) {
  const Lockout::Options options{.failures_max = 3, .rest = seconds(100), .keys_max = 5};
  Lockout lockout(options);
  for (int i = 0; i < 3; ++i) lockout.begin("victim", "192.0.2." + std::to_string(i), kNow);
  const auto others = *rc::gen::container<std::vector<std::pair<std::string, std::string>>>(
      rc::gen::pair(rc::gen::arbitrary<std::string>(), rc::gen::arbitrary<std::string>()));
  Time now = kNow;
  for (const auto& [user, address] : others) {
    if (now + seconds(1) < kNow + options.rest) now += seconds(1);
    if (!lockout.begin(user, address, now) && user.size() % 2 == 0) lockout.succeeded(user, address);
    RC_ASSERT(lockout.begin("victim", address, now).has_value());
    RC_ASSERT(lockout.size() <= 2 * options.keys_max);
  }
}

}  // namespace
}  // namespace enamel
