#include "service/scheduler.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/error.h"
#include "base/threads.h"
#include "service/run_options.h"

namespace enamel::service {
namespace {

// Often enough that a time of day is met, and that a clock which was set or a computer that slept is noticed.
constexpr std::chrono::seconds kLookEvery{10};
// A little less than a day: it follows a backup of the same hour every day.
constexpr std::int64_t kForgetEveryNs = 20LL * 3600 * 1'000'000'000;

// Every schedule has a time in it.
constexpr std::int64_t kAnyScheduleNs = 8LL * 24 * 3600 * 1'000'000'000;

constexpr std::string_view kBackup = "backup", kDrill = "drill", kForget = "forget";

RunRequest backupRequest(const Config& config) {
  return {.kind = RunKind::kBackup,
          .repository = config.repository.path,
          .options = formatRunOptions(RunKind::kBackup, {})};
}

RunRequest drillRequest(const Config& config) {
  RunOptions options;
  options.read_images = config.drills.read_images;
  return {.kind = RunKind::kDrill,
          .repository = config.repository.path,
          .options = formatRunOptions(RunKind::kDrill, options)};
}

}  // namespace

Scheduler::Scheduler(Database& database, const Runs& runs, JobQueue& queue, const Settings& settings, Log log,
                     const Clock& clock, const TimeZone& zone)
    : database_(database),
      runs_(runs),
      queue_(queue),
      settings_(settings),
      log_(std::move(log)),
      clock_(clock),
      zone_(zone) {}

Scheduler::~Scheduler() {
  stop();
}

void Scheduler::start() {
  guarded([this] { resumeInterrupted(); });
  thread_ = startThread([this] {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      lock.unlock();
      look();
      lock.lock();
      wake_.wait_for(lock, kLookEvery, [this] { return stopping_; });
    }
  });
}

void Scheduler::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Scheduler::guarded(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    log_(std::string("schedule: ") + error.what());
  }
}

void Scheduler::look() {
  const std::lock_guard one_looks(looking_);
  const std::shared_ptr<const Config> config = settings_.current();
  guarded([&] { follow(config->schedule, backups_seen_, kBackup, backupRequest(*config)); });
  guarded([&] { follow(config->drills.schedule, drills_seen_, kDrill, drillRequest(*config)); });
  guarded([&] { lookAtRetention(*config); });
}

void Scheduler::follow(const Schedule& schedule, Seen& seen, std::string_view what,
                       const RunRequest& request) {
  if (seen && *seen != schedule) {
    lookAt(*seen, what, request);  // what came due since the last look
    setLast(what, std::max(last(what).value_or(Timestamp{0}), clock_.now()));
  }
  seen = schedule;
  lookAt(schedule, what, request);
}

void Scheduler::lookAt(const Schedule& schedule, std::string_view what, const RunRequest& request) {
  if (request.repository.empty()) return;
  const Timestamp now = clock_.now();
  const auto before = last(what);
  // What was never scheduled here is due from now on, not since 1970.
  if (!before) return setLast(what, now);
  const auto due = dueRun(schedule, zone_, *before, now);
  if (!due) return;
  const JobQueue::Submitted submitted = queue_.submit(request, std::string(kScheduleName));
  // One that began before that time does not stand for it: asked for again until it has ended.
  if (submitted.was_there && submitted.run.started && *submitted.run.started < due->scheduled) return;
  setLast(what, due->scheduled);
}

void Scheduler::lookAtRetention(const Config& config) {
  const Config::Retention& keep = config.retention;
  const bool keeps_all = std::max({keep.keep_last, keep.keep_hourly, keep.keep_daily, keep.keep_weekly,
                                   keep.keep_monthly, keep.keep_yearly}) == 0;
  if (keeps_all || config.repository.path.empty()) return;
  const auto good = runs_.lastGoodBackup(config.repository.path, backupRequest(config).options);
  if (!good || !good->ended) return;
  const Timestamp now = clock_.now();
  const auto before = last(kForget);
  // A mark from the future is a wrong clock's.
  if (before && *before <= now && (*good->ended <= *before || now.ns - before->ns < kForgetEveryNs)) return;
  queue_.submit({.kind = RunKind::kForget,
                 .repository = config.repository.path,
                 .options = formatRunOptions(RunKind::kForget, {})},
                std::string(kScheduleName));
  setLast(kForget, now);
}

void Scheduler::resumeInterrupted() {
  const auto wasCutOff = [](const Run& run) {
    return run.state == RunState::kInterrupted && run.started_by == kScheduleName;
  };
  const std::shared_ptr<const Config> config = settings_.current();
  for (const RunKind kind : {RunKind::kBackup, RunKind::kDrill}) {
    const std::vector<Run> newest =
        runs_.page({.kind = kind, .state = {}, .repository = config->repository.path, .options = {}}, 2);
    if (newest.empty() || !wasCutOff(newest[0])) continue;
    // Twice in a row: it may be what ends the service.
    if (newest.size() == 2 && wasCutOff(newest[1])) continue;
    setLast(kind == RunKind::kBackup ? kBackup : kDrill, {newest[0].queued.ns - kAnyScheduleNs});
  }
}

std::optional<Timestamp> Scheduler::nextBackup() const {
  return nextRun(settings_.current()->schedule, zone_, clock_.now());
}

std::optional<Timestamp> Scheduler::nextDrill() const {
  return nextRun(settings_.current()->drills.schedule, zone_, clock_.now());
}

std::optional<Timestamp> Scheduler::last(std::string_view what) const {
  const auto ns = database_.integer("SELECT last_ns FROM scheduled WHERE what = ?", {std::string(what)});
  return ns ? std::optional(Timestamp{*ns}) : std::nullopt;
}

void Scheduler::setLast(std::string_view what, Timestamp time) {
  database_.execute(
      "INSERT INTO scheduled (what, last_ns) VALUES (?, ?) ON CONFLICT (what) DO UPDATE SET last_ns = "
      "excluded.last_ns",
      {std::string(what), time.ns});
}

}  // namespace enamel::service
