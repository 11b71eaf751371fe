#include "service/runs.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace enamel::service {
namespace {

constexpr const char* kColumns =
    "SELECT id, kind, repository, request, started_by, state, queued_ns, started_ns, ended_ns, bytes_done, "
    "bytes_total, files_done, files_total, tables_done, tables_total, phase, current, snapshot, error_code, "
    "error_message, error_hint FROM runs ";

std::optional<Timestamp> timeIfAny(const Row& row, int column) {
  const auto ns = row.integerIfAny(column);
  return ns ? std::optional(Timestamp{*ns}) : std::nullopt;
}

std::uint64_t count(const Row& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

// SQLite's integers are signed. Counters never come near the end; one that does is a mistake worth no crash.
std::int64_t stored(std::uint64_t value) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(value, INT64_MAX));
}

Run runOf(const Row& row) {
  Run run;
  run.id = row.integer(0);
  const auto kind = runKindOf(row.text(1));
  const auto state = runStateOf(row.text(5));
  if (!kind || !state)
    throw Error(ErrorCode::kCorrupt, "run " + std::to_string(run.id) + " of the state is of an unknown kind");
  run.request = {.kind = *kind, .repository = row.text(2), .options = row.text(3)};
  run.started_by = row.text(4);
  run.state = *state;
  run.queued.ns = row.integer(6);
  run.started = timeIfAny(row, 7);
  run.ended = timeIfAny(row, 8);
  run.progress = {.bytes_done = count(row, 9),
                  .bytes_total = count(row, 10),
                  .files_done = count(row, 11),
                  .files_total = count(row, 12),
                  .tables_done = count(row, 13),
                  .tables_total = count(row, 14),
                  .phase = row.text(15),
                  .current = row.text(16)};
  run.snapshot = row.text(17);
  if (!row.isNull(18))
    run.error = RunError{.code = row.text(18), .message = row.text(19), .hint = row.text(20)};
  return run;
}

Value nameOrNull(const auto& value) {
  return value ? Value(std::string(name(*value))) : Value();
}

// False if it does not run. REQUIRES: a transaction is open.
bool writeProgress(Database& database, std::int64_t id, const ProgressSample& progress) {
  database.execute(
      "UPDATE runs SET bytes_done = ?, bytes_total = ?, files_done = ?, files_total = ?, tables_done = ?, "
      "tables_total = ?, phase = ?, current = ? WHERE id = ? AND state = 'running'",
      {stored(progress.bytes_done), stored(progress.bytes_total), stored(progress.files_done),
       stored(progress.files_total), stored(progress.tables_done), stored(progress.tables_total),
       progress.phase, progress.current, id});
  return database.changes() != 0;
}

[[noreturn]] void failNotThere(std::int64_t id, const std::string& state) {
  throw Error(ErrorCode::kNotFound, "there is no run " + std::to_string(id) + " that is " + state);
}

}  // namespace

Runs::Runs(Database& database, const Clock& clock) : database_(database), clock_(clock) {
  database_.execute(
      "UPDATE runs SET state = 'interrupted', ended_ns = ?, error_code = ?, error_message = ?, error_hint = "
      "? "
      "WHERE state = 'running'",
      {clock_.now().ns, std::string(errorName(ErrorCode::kCancelled)),
       std::string("the service ended while it ran"),
       std::string("nothing is damaged; run it again, what is stored is reused")});
}

Run Runs::add(const RunRequest& request, const std::string& started_by) {
  if (request.options.size() > kOptionsBytesMax)
    throw Error(ErrorCode::kLimit, "the options of a " + std::string(name(request.kind)) +
                                       " are longer than " + formatSize(kOptionsBytesMax));
  Run run;
  run.request = request;
  run.started_by = started_by;
  run.queued = clock_.now();
  try {
    database_.transaction([&] {
      database_.execute(
          "INSERT INTO runs (kind, repository, request, started_by, state, queued_ns) "
          "VALUES (?, ?, ?, ?, 'queued', ?)",
          {std::string(name(request.kind)), request.repository, request.options, started_by, run.queued.ns});
      run.id = database_.lastInsertId();
    });
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kExists) throw;
    throw Error(ErrorCode::kExists,
                "the same " + std::string(name(request.kind)) + " is queued or running already",
                "wait for it, or cancel it first");
  }
  return run;
}

void Runs::start(std::int64_t id) {
  database_.transaction([&] {
    database_.execute("UPDATE runs SET state = 'running', started_ns = ? WHERE id = ? AND state = 'queued'",
                      {clock_.now().ns, id});
    if (database_.changes() == 0) failNotThere(id, "queued");
  });
}

void Runs::saveProgress(std::int64_t id, const ProgressSample& progress) {
  database_.transaction([&] {
    if (!writeProgress(database_, id, progress)) failNotThere(id, "running");
  });
}

void Runs::finish(std::int64_t id, const RunOutcome& outcome) {
  ENAMEL_CHECK(ended(outcome.state));
  const std::optional<RunError>& error = outcome.error;
  database_.transaction([&] {
    writeProgress(database_, id, outcome.progress);  // what never ran has none to keep
    database_.execute(
        "UPDATE runs SET state = ?, ended_ns = ?, snapshot = ?, result = ?, error_code = ?, error_message = "
        "?, "
        "error_hint = ? WHERE id = ? AND state IN ('queued', 'running')",
        {std::string(name(outcome.state)), clock_.now().ns, outcome.snapshot, outcome.result,
         error ? Value(error->code) : Value(), error ? Value(error->message) : Value(),
         error ? Value(error->hint) : Value(), id});
    if (database_.changes() == 0) failNotThere(id, "queued or running");
  });
}

std::optional<Run> Runs::find(std::int64_t id) const {
  return selectFirst("WHERE id = ?", {id});
}

std::string Runs::result(std::int64_t id) const {
  std::string json;
  database_.query("SELECT result FROM runs WHERE id = ?", {id}, [&](const Row& row) { json = row.text(0); });
  return json;
}

std::vector<Run> Runs::page(const RunFilter& filter, std::size_t limit,
                            std::optional<std::int64_t> before) const {
  return select(
      "WHERE (?1 IS NULL OR kind = ?1) AND (?2 IS NULL OR state = ?2) AND (?3 IS NULL OR repository = ?3) "
      "AND (?4 IS NULL OR request = ?4) AND (?5 IS NULL OR id < ?5) ORDER BY id DESC LIMIT ?6",
      {nameOrNull(filter.kind), nameOrNull(filter.state), valueOrNull(filter.repository),
       valueOrNull(filter.options), valueOrNull(before),
       static_cast<std::int64_t>(std::min(limit, kPageMax))});
}

std::optional<Run> Runs::oldest() const {
  return selectFirst("ORDER BY id LIMIT 1", {});
}

std::vector<Run> Runs::queued() const {
  return select("WHERE state = 'queued' ORDER BY id", {});
}

std::vector<RunDay> Runs::days(std::chrono::sys_days first, int count, const TimeZone& zone) const {
  const std::chrono::sys_days begin_of_time = std::chrono::year(1970) / 1 / 2;
  const std::chrono::sys_days end_of_time = std::chrono::year(2200) / 1 / 1;
  if (count < 0 || count > kDaysMax || first < begin_of_time || first > end_of_time)
    throw Error(ErrorCode::kUsage, "there is no history of such days",
                "ask for at most " + std::to_string(kDaysMax) + " days of the years 1970 to 2200");
  std::vector<RunDay> days;
  for (int i = 0; i < count; ++i) {
    const auto day = first + std::chrono::days(i);
    days.push_back({.day = day,
                    .begin = zone.toMoment(LocalTime::of(day, 0)),
                    .end = zone.toMoment(LocalTime::of(day + std::chrono::days(1), 0)),
                    .runs = {}});
  }
  if (days.empty()) return days;
  const std::vector<Run> runs = select(
      "WHERE coalesce(started_ns, queued_ns) >= ? AND coalesce(started_ns, queued_ns) < ? "
      "ORDER BY coalesce(started_ns, queued_ns), id",
      {days.front().begin.ns, days.back().end.ns});
  auto day = days.begin();
  for (const Run& run : runs) {
    while (run.started.value_or(run.queued) >= day->end) ++day;
    day->runs.push_back(run);
  }
  return days;
}

std::optional<Run> Runs::lastGoodBackup(const std::string& repository, const std::string& options) const {
  return selectFirst(
      "WHERE kind = 'backup' AND state = 'done' AND repository = ? AND request = ? ORDER BY id DESC LIMIT 1",
      {repository, options});
}

std::optional<Run> Runs::lastDrill(const std::string& snapshot) const {
  // An empty one is what all runs without a snapshot have.
  if (snapshot.empty()) return std::nullopt;
  return selectFirst(
      "WHERE kind = 'drill' AND state IN ('done', 'failed') AND snapshot <> '' AND snapshot = ? "
      "ORDER BY id DESC LIMIT 1",
      {snapshot});
}

std::vector<RunCount> Runs::counts() const {
  std::vector<RunCount> counts;
  database_.query("SELECT kind, state, count(*) FROM runs GROUP BY kind, state", {}, [&](const Row& row) {
    const auto kind = runKindOf(row.text(0));
    const auto state = runStateOf(row.text(1));
    if (kind && state && ended(*state))
      counts.push_back({.kind = *kind, .state = *state, .runs = count(row, 2)});
  });
  return counts;
}

std::vector<Run> Runs::select(const std::string& rest, std::initializer_list<Value> values) const {
  std::vector<Run> runs;
  database_.query(kColumns + rest, values, [&](const Row& row) { runs.push_back(runOf(row)); });
  return runs;
}

std::optional<Run> Runs::selectFirst(const std::string& rest, std::initializer_list<Value> values) const {
  const std::vector<Run> runs = select(rest, values);
  return runs.empty() ? std::nullopt : std::optional(runs.front());
}

}  // namespace enamel::service
