#include "service/engine.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/letter_case.h"
#include "base/printable.h"
#include "jobs/backup.h"
#include "jobs/drill.h"
#include "jobs/forget.h"
#include "jobs/go_live.h"
#include "jobs/reading_lock.h"
#include "jobs/restore.h"
#include "jobs/result_json.h"
#include "jobs/version.h"
#include "repository/check.h"
#include "repository/lock.h"
#include "service/retention_config.h"

namespace enamel::service {
namespace {

// Folders with a slash at the end have an empty last part.
std::filesystem::path withoutSlash(const std::filesystem::path& path) {
  return path.has_filename() ? path : path.parent_path();
}

// Whether it is a folder below that one, by its name, and with no link on the way to it: a backup may hold
// links to anywhere, and what an earlier restore wrote lies there.
bool isConfined(const std::filesystem::path& target, const std::filesystem::path& folder) {
  const std::filesystem::path name = withoutSlash(target.lexically_normal());
  const std::filesystem::path allowed = withoutSlash(folder.lexically_normal());
  if (!target.is_absolute() || name != withoutSlash(target) || name == allowed || !isInside(name, allowed))
    return false;
  std::error_code error;
  const std::filesystem::path real = std::filesystem::weakly_canonical(name, error);
  const std::filesystem::path real_allowed = std::filesystem::weakly_canonical(allowed, error);
  return !error && printable(name.string()) == name.string() &&
         real == real_allowed / name.lexically_relative(allowed);
}

std::string lines(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : "; ") + text;
  return joined;
}

// What is wrong with a drill or a check goes into the history as an error with few words; the rest is in its
// result.
RunError verdict(std::string message, std::string hint) {
  constexpr std::size_t kBytesMax = 2000;
  if (message.size() > kBytesMax) message = message.substr(0, kBytesMax) + " ...";
  return {.code = std::string(errorName(ErrorCode::kVerifyFailed)),
          .message = std::move(message),
          .hint = std::move(hint)};
}

jobs::OpenRepository openRepositoryOf(const Config& config) {
  const Config::Repository& repository = config.repository;
  if (repository.path.empty() || repository.password_file.empty())
    throw Error(ErrorCode::kUsage, "no repository is set up",
                "set path and password_file in the section [repository] of the configuration");
  return jobs::openRepository(jobs::openStorage(repository.path),
                              jobs::repositoryPasswordFrom(repository.password_file));
}

mariadb::Address databaseAddressOf(const Config& config) {
  const Config::Database& database = config.database;
  if (database.url.empty())
    throw Error(ErrorCode::kUsage, "no database is set up",
                "set url in the section [database] of the configuration");
  mariadb::Address address = mariadb::parseAddress(database.url);
  return database.password_file.empty() ? address
                                        : jobs::withPasswordFrom(database.password_file, std::move(address));
}

void requireAllowed(const Config& config, RunKind kind, const RunOptions& options) {
  if (kind == RunKind::kRemoval)
    throw Error(ErrorCode::kUnsupported, "removing old data is not possible in this version");
  if (kind == RunKind::kBackup) {
    const bool database = options.database && !config.database.url.empty();
    const bool images = options.images && !config.images.path.empty();
    if (!database && !images)
      throw Error(ErrorCode::kUsage, "nothing of what is to be backed up is set up",
                  "set [database] url or [images] path in the configuration");
  }
  if (kind == RunKind::kForget && options.snapshots.empty() && policyOf(config.retention).empty())
    throw Error(ErrorCode::kUsage, "the configuration keeps all backups: nothing is to be forgotten",
                "set what to keep in the section [retention], or name snapshots");
  if (kind == RunKind::kGoLive || kind == RunKind::kUndo) {
    if (config.database.url.empty())
      throw Error(ErrorCode::kUsage, "no database is set up",
                  "set url in the section [database] of the configuration");
    // A server may spell it in another case than the configuration.
    const std::string live = mariadb::parseAddress(config.database.url).database;
    if (live.empty() || upperCase(options.confirm) != upperCase(live))
      throw Error(ErrorCode::kUsage,
                  "what was typed is not the name of the database that people work with: nothing is done",
                  "type it as the page shows it");
  }
  if (kind != RunKind::kRestore) return;
  for (const std::string* folder : {&options.images_to, &options.files_to}) {
    if (folder->empty()) continue;
    if (config.restore.folder.empty() || !isConfined(*folder, config.restore.folder))
      throw Error(ErrorCode::kUsage,
                  config.restore.folder.empty()
                      ? std::string("no folder is set up that the service may restore into")
                      : "the service restores into new folders below " + config.restore.folder + " only",
                  config.restore.folder.empty()
                      ? "set folder in the section [restore], or use `enamel restore`"
                      : "give a path such as " + config.restore.folder + "/NAME, or use `enamel restore`");
  }
}

JobResult backUp(const Config& config, std::optional<mariadb::Address> database, bool images,
                 repository::Repository& repository, Progress& progress, CancelToken& cancel) {
  jobs::BackupOptions options;
  options.database = std::move(database);
  if (options.database) options.data_folder = config.database.data_folder;
  if (images) options.images = config.images.path;
  options.excludes = config.images.excludes;
  const jobs::BackupResult result = jobs::runBackup(repository, options, progress, cancel);
  return {.state = result.complete() ? RunState::kDone : RunState::kIncomplete,
          .snapshot = result.snapshot.id.hex(),
          .json = jobs::jsonText(jobs::summaryJson(result)),
          .error = {}};
}

JobResult restore(const Config& config, const RunOptions& asked, std::optional<mariadb::Address> database,
                  repository::Repository& repository, Progress& progress, CancelToken& cancel) {
  jobs::RestoreOptions options;
  options.snapshot = asked.snapshot;
  if (database) {
    database->database.clear();
    options.data_folder = config.database.data_folder;
    options.as = asked.database_as;
  }
  options.database_to = std::move(database);
  options.images_to = asked.images_to;
  options.files_to = asked.files_to;
  options.only = asked.only;
  options.doc_path = asked.doc_path;
  options.scratch_folder = config.drills.scratch_folder;
  const jobs::RestoreResult result = jobs::runRestore(repository, options, progress, cancel);
  return {.state = result.complete() ? RunState::kDone : RunState::kIncomplete,
          .snapshot = result.snapshot.id.hex(),
          .json = jobs::jsonText(jobs::summaryJson(result)),
          .error = {}};
}

JobResult goLive(const RunOptions& asked, bool undo, mariadb::Address database, Progress& progress,
                 CancelToken& cancel) {
  jobs::GoLiveOptions options;
  options.database = std::move(database);
  options.copy = asked.copy;
  options.aside = asked.aside;
  const jobs::GoLiveResult result =
      undo ? jobs::runUndo(options, progress, cancel) : jobs::runGoLive(options, progress, cancel);
  return {.state = result.complete() ? RunState::kDone : RunState::kIncomplete,
          .snapshot = {},
          .json = jobs::jsonText(jobs::summaryJson(result)),
          .error = {}};
}

JobResult drill(const Config& config, const RunOptions& asked, repository::Repository& repository,
                Progress& progress, CancelToken& cancel) {
  jobs::DrillOptions options;
  options.snapshot = asked.snapshot;
  options.read_images = asked.read_images;
  options.scratch_folder = config.drills.scratch_folder;
  options.program_version = jobs::programVersion();
  std::vector<std::string> warnings;
  const auto lock = jobs::lockForReading(repository, &cancel, warnings);
  jobs::DrillReport report = jobs::runDrill(repository, options, progress, cancel);
  if (lock) lock->check();
  report.warnings.insert(report.warnings.end(), warnings.begin(), warnings.end());
  JobResult result{.state = report.passed ? RunState::kDone : RunState::kFailed,
                   .snapshot = report.snapshot_id,
                   .json = report.toJson(),
                   .error = {}};
  if (report.passed) return result;
  std::vector<std::string> failed;
  for (const jobs::DrillCheck& check : report.checks)
    if (check.outcome == jobs::CheckOutcome::kFailed) failed.push_back(check.title + ": " + check.summary);
  result.error = verdict("the backup did not pass: " + lines(failed),
                         "the report names each thing that is wrong; make a new backup and drill that");
  return result;
}

JobResult check(const RunOptions& asked, repository::Repository& repository, Progress& progress,
                CancelToken& cancel) {
  std::vector<std::string> warnings;
  const auto lock = jobs::lockForReading(repository, &cancel, warnings);
  repository::CheckResult result =
      repository::check(repository, {.read_data = asked.read_data, .threads = 0}, progress, cancel);
  result.warnings.insert(result.warnings.begin(), warnings.begin(), warnings.end());
  nlohmann::ordered_json summary = jobs::summaryJson(result);
  summary["errors"] = result.errors;
  JobResult job{.state = result.ok() ? RunState::kDone : RunState::kFailed,
                .snapshot = {},
                .json = jobs::jsonText(summary),
                .error = {}};
  if (!result.ok())
    job.error = verdict("the repository is damaged: " + lines(result.errors), lines(result.advice));
  return job;
}

JobResult forget(const Config& config, const RunOptions& asked, repository::Repository& repository,
                 Progress& progress, CancelToken& cancel) {
  jobs::ForgetOptions options;
  options.snapshots = asked.snapshots;
  if (asked.snapshots.empty()) options.policy = policyOf(config.retention);
  options.dry_run = asked.dry_run;
  options.prune.emplace();
  const jobs::ForgetResult result = jobs::runForget(repository, options, progress, cancel);
  return {.state = RunState::kDone,
          .snapshot = {},
          .json = jobs::jsonText(jobs::summaryJson(result, asked.dry_run)),
          .error = {}};
}

JobResult prune(const RunOptions& asked, repository::Repository& repository, Progress& progress,
                CancelToken& cancel) {
  repository::RepositoryLock lock(repository, repository::LockKind::kExclusive, &cancel);
  repository::PruneOptions options;
  options.dry_run = asked.dry_run;
  const repository::PruneResult result = repository::prune(repository, &lock, options, progress, cancel);
  return {.state = RunState::kDone,
          .snapshot = {},
          .json = jobs::jsonText(jobs::summaryJson(result, asked.dry_run)),
          .error = {}};
}

}  // namespace

jobs::OpenRepository Engine::openRepository() const {
  return openRepositoryOf(*settings_.current());
}

mariadb::Address Engine::databaseAddress() const {
  return databaseAddressOf(*settings_.current());
}

void Engine::require(RunKind kind, const RunOptions& options) const {
  requireAllowed(*settings_.current(), kind, options);
}

Job Engine::makeJob(const Run& run) const {
  const std::shared_ptr<const Config> config = settings_.current();
  if (run.request.repository != config->repository.path)
    throw Error(ErrorCode::kUsage,
                "run " + std::to_string(run.id) +
                    " was asked for when the backups were kept in another place, " + run.request.repository,
                "ask for it anew");
  const RunKind kind = run.request.kind;
  const RunOptions options = parseRunOptions(kind, run.request.options);
  requireAllowed(*config, kind, options);
  return [config, kind, options](Progress& progress, CancelToken& cancel) -> JobResult {
    const bool wants_database =
        (kind == RunKind::kBackup && options.database && !config->database.url.empty()) ||
        (kind == RunKind::kRestore && !options.database_as.empty());
    // Needs no repository, which may be gone when it is needed most.
    if (kind == RunKind::kGoLive || kind == RunKind::kUndo)
      return goLive(options, kind == RunKind::kUndo, databaseAddressOf(*config), progress, cancel);
    std::optional<mariadb::Address> database;
    if (wants_database) database = databaseAddressOf(*config);
    const jobs::OpenRepository repository = openRepositoryOf(*config);
    switch (kind) {
      case RunKind::kBackup:
        return backUp(*config, std::move(database), options.images, *repository, progress, cancel);
      case RunKind::kRestore:
        return restore(*config, options, std::move(database), *repository, progress, cancel);
      case RunKind::kDrill:
        return drill(*config, options, *repository, progress, cancel);
      case RunKind::kCheck:
        return check(options, *repository, progress, cancel);
      case RunKind::kForget:
        return forget(*config, options, *repository, progress, cancel);
      case RunKind::kPrune:
        return prune(options, *repository, progress, cancel);
      case RunKind::kGoLive:
      case RunKind::kUndo:
      case RunKind::kRemoval:
        break;
    }
    throw Error(ErrorCode::kUnsupported, "removing old data is not possible in this version");
  };
}

}  // namespace enamel::service
