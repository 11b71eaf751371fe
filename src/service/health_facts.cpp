#include "service/health_facts.h"

#include <functional>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "service/run_options.h"

namespace enamel::service {
namespace {

constexpr std::size_t kLook = 50;  // runs looked at for the newest of a kind

bool cameToAnEnd(const Run& run) {
  return run.state == RunState::kDone || run.state == RunState::kIncomplete || run.state == RunState::kFailed;
}

// One that could not be made, for want of space say, says nothing of what it was to look at.
bool cameToAVerdict(const Run& run) {
  return run.state == RunState::kDone || (run.state == RunState::kFailed && run.error &&
                                          run.error->code == errorName(ErrorCode::kVerifyFailed));
}

// A drill of a backup without tables proves nothing of a practice that has some.
bool isProof(const Config& config, const Runs& runs, const Run& drill) {
  if (!cameToAVerdict(drill)) return false;
  if (drill.state == RunState::kFailed || config.database.url.empty()) return true;
  const auto report = nlohmann::json::parse(runs.result(drill.id), nullptr, false);
  return report.is_object() && report.value("tables", std::uint64_t{0}) > 0;
}

std::optional<Run> newest(const Config& config, const Runs& runs, RunKind kind,
                          const std::optional<std::string>& options,
                          const std::function<bool(const Run&)>& counts) {
  const RunFilter filter{.kind = kind, .state = {}, .repository = config.repository.path, .options = options};
  for (const Run& run : runs.page(filter, kLook))
    if (counts(run)) return run;
  return std::nullopt;
}

}  // namespace

HealthFacts healthFacts(const Config& config, const Runs& runs, Timestamp now) {
  const std::string all = formatRunOptions(RunKind::kBackup, {});
  return {.last_good_backup = runs.lastGoodBackup(config.repository.path, all),
          .last_backup = newest(config, runs, RunKind::kBackup, all, cameToAnEnd),
          .last_drill = newest(config, runs, RunKind::kDrill, {},
                               [&](const Run& run) { return isProof(config, runs, run); }),
          .last_check = newest(config, runs, RunKind::kCheck, {}, cameToAVerdict),
          .now = now};
}

}  // namespace enamel::service
