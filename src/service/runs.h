#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "service/run.h"
#include "service/sqlite.h"
#include "service/time_zone.h"

namespace enamel::service {

// One day of a calendar strip: what began on it, oldest first. A run that has not begun counts on the day on
// which it was asked for.
struct RunDay {
  std::chrono::sys_days day;  // the calendar day; no zone is meant
  Timestamp begin, end;       // of it, in the zone asked for: 23 or 25 hours where clocks are changed
  std::vector<Run> runs;
};

// Which runs; what is not set does not matter.
struct RunFilter {
  std::optional<RunKind> kind;
  std::optional<RunState> state;
  std::optional<std::string> repository;
  std::optional<std::string> options;  // asked for with just these
};

// How many runs of a kind ended so.
struct RunCount {
  RunKind kind = RunKind::kBackup;
  RunState state = RunState::kDone;
  std::uint64_t runs = 0;
};

// The history of all runs, and with it the queue, in the table runs of the state. Every change is durable
// when its function returns. Thread-safe. Throws what Database throws.
class Runs {
 public:
  static constexpr std::size_t kPageMax = 500;
  static constexpr int kDaysMax = 400;
  static constexpr std::size_t kOptionsBytesMax = 64 << 10;

  // Runs that are "running" belonged to a service that died: they become kInterrupted (error code
  // "cancelled"). Those that are "queued" stay queued, in order: somebody asked for them and nobody took that
  // back; JobQueue works them off. REQUIRES: migrated; database and clock outlive it; no other Runs uses the
  // same file.
  explicit Runs(Database& database, const Clock& clock = Clock::system());

  // Adds a run that is queued. Throws kExists if an equal request is queued or running, kLimit if its options
  // are longer than kOptionsBytesMax.
  Run add(const RunRequest& request, const std::string& started_by);

  // queued -> running; running -> running with newer progress; queued or running -> an end. Throw kNotFound
  // if there is no such run in such a state.
  void start(std::int64_t id);
  void saveProgress(std::int64_t id, const ProgressSample& progress);
  void finish(std::int64_t id, const RunOutcome& outcome);

  std::optional<Run> find(std::int64_t id) const;
  // The JSON that the run left; empty if it left none, or there is no such run. Kept apart: it may be long.
  std::string result(std::int64_t id) const;

  // At most `limit` (and kPageMax) runs, newest first, of those with an id below `before`.
  std::vector<Run> page(const RunFilter& filter, std::size_t limit,
                        std::optional<std::int64_t> before = {}) const;
  // With which the history begins.
  std::optional<Run> oldest() const;
  // In the order in which they were asked for.
  std::vector<Run> queued() const;
  // `count` days from `first` on. Throws kUsage for more than kDaysMax, or years outside 1970 to 2200.
  std::vector<RunDay> days(std::chrono::sys_days first, int count, const TimeZone& zone) const;

  // The newest complete backup of that repository among those that were asked for with just these options:
  // one of the images alone says nothing of the database.
  std::optional<Run> lastGoodBackup(const std::string& repository, const std::string& options) const;
  // Of all runs in the history that ended.
  std::vector<RunCount> counts() const;
  // The newest drill of that snapshot that came to a verdict: kDone or kFailed.
  std::optional<Run> lastDrill(const std::string& snapshot) const;

 private:
  std::vector<Run> select(const std::string& rest, std::initializer_list<Value> values) const;
  std::optional<Run> selectFirst(const std::string& rest, std::initializer_list<Value> values) const;

  Database& database_;
  const Clock& clock_;
};

}  // namespace enamel::service
