#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "base/time.h"
#include "service/job_queue.h"
#include "service/schedule.h"
#include "service/settings.h"
#include "service/sqlite.h"
#include "service/time_zone.h"

namespace enamel::service {

// Who asked for runs that nobody asked for.
inline constexpr std::string_view kScheduleName = "schedule";

// Asks for backups and drills when the configuration says so, and once a day, after a backup that went well,
// for the removal of those that the retention does not keep. When each was last due lies in the table
// `scheduled` of the state, so that what was missed while the computer was off is caught up. A schedule that
// is changed meanwhile counts from then on: times of it that are over by then are not missed. Thread-safe.
class Scheduler {
 public:
  // Gets one line for what could not be asked for; it is tried again.
  using Log = std::function<void(std::string_view)>;

  // All outlive it.
  Scheduler(Database& database, const Runs& runs, JobQueue& queue, const Settings& settings, Log log,
            const Clock& clock = Clock::system(), const TimeZone& zone = TimeZone::machine());
  ~Scheduler();  // stop()
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  // From here on a thread of its own looks at the clock. What the schedule had begun and the end of the
  // service cut off is due again, but not a third time.
  void start();
  void stop();

  // Looks at the clock once: for the thread, and for tests.
  void look();
  void resumeInterrupted();

  std::optional<Timestamp> nextBackup() const;
  std::optional<Timestamp> nextDrill() const;

 private:
  std::optional<Timestamp> last(std::string_view what) const;
  void setLast(std::string_view what, Timestamp time);
  // A schedule as it was at the last look.
  using Seen = std::optional<Schedule>;
  void lookAt(const Schedule& schedule, std::string_view what, const RunRequest& request);
  void follow(const Schedule& schedule, Seen& seen, std::string_view what, const RunRequest& request);
  void lookAtRetention(const Config& config);
  void guarded(const std::function<void()>& work);

  Database& database_;
  const Runs& runs_;
  JobQueue& queue_;
  const Settings& settings_;
  const Log log_;
  const Clock& clock_;
  const TimeZone& zone_;

  std::mutex looking_;               // held for a whole look()
  Seen backups_seen_, drills_seen_;  // guarded by looking_

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace enamel::service
