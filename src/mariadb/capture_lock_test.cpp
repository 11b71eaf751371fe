// What a capture says of the time others may have waited for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "base/error.h"
#include "mariadb/capture.h"
#include "mariadb/testing/capture_fixture.h"

namespace enamel::mariadb {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CaptureLockTest : public CaptureFixture {
 protected:
  // Milliseconds that a request for the lock has been pending, -1 if there is none.
  int pendingMs() {
    const auto found = sql().queryValue(
        "SELECT CAST(MAX(TIME_MS) AS SIGNED) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'BACKUP "
        "STAGE%'");
    return found ? std::stoi(*found) : -1;
  }
  // A capture that finds a table locked by somebody who lets go once `enough` holds.
  CaptureResult captureBehindALock(const std::function<bool()>& enough) {
    Connection holder(address());
    holder.execute("LOCK TABLES patient WRITE");
    auto result = std::async(std::launch::async, [this] { return capture(); });
    while (!enough() && result.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
      std::this_thread::yield();
    holder.execute("UNLOCK TABLES");
    return result.get();
  }
};

TEST_F(CaptureLockTest, aLockGrantedAtOnceIsOneAttempt) {
  fill("patient", 10);
  const Manifest manifest = capture().manifest;
  EXPECT_EQ(manifest.lock_attempts, 1U);
  EXPECT_GT(manifest.lock_seconds, 0);
  EXPECT_GT(manifest.lock_wait_seconds, 0);
}

TEST_F(CaptureLockTest, aRequestThatWaitsIsCounted) {
  fill("patient", 10);
  options_.lock_wait_s = 60;
  options_.lock_attempts_max = 1;
  const CaptureResult result = captureBehindALock([this] { return pendingMs() >= 300; });
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(result.manifest.lock_attempts, 1U);
  EXPECT_GE(result.manifest.lock_wait_seconds, 0.3);
}

TEST_F(CaptureLockTest, attemptsInVainAreCounted) {
  fill("patient", 10);
  options_.lock_wait_s = 4;
  options_.lock_attempts_max = 4;
  bool asked = false;
  const CaptureResult result = captureBehindALock([&] {
    const bool pending = pendingMs() >= 0;
    asked |= pending;
    return asked && !pending;
  });
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_GE(result.manifest.lock_attempts, 2U);
  EXPECT_GE(result.manifest.lock_wait_seconds, 0.5) << "the first of four waits for an eighth of the limit";
}

TEST_F(CaptureLockTest, capturesBegunAgainAreCounted) {
  fill("patient", 10);
  std::atomic<bool> stop{false};
  std::atomic<int> altered{0};
  std::thread other([&] {
    Connection connection(address());
    while (!stop) connection.execute("CREATE OR REPLACE VIEW v AS SELECT " + std::to_string(++altered));
  });
  while (altered < 2) std::this_thread::yield();
  const CaptureResult result = capture();
  stop = true;
  other.join();
  EXPECT_THAT(result.warnings, ::testing::Contains(HasSubstr("more than once")));
  EXPECT_GE(result.manifest.lock_attempts, 3U) << "one for each of the three tries";
}

}  // namespace
}  // namespace enamel::mariadb
