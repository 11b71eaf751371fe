#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/job_options.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/prune_report.h"
#include "cli/status.h"
#include "jobs/reading_lock.h"
#include "jobs/result_json.h"
#include "repository/lock.h"
#include "repository/prune.h"

namespace enamel::cli {
namespace {

struct PruneCommand {
  repository::PruneOptions options;
  std::optional<std::string> max_unused;
};

int runPrune(Context& context, PruneCommand& command) {
  if (command.max_unused) command.options.unused_fraction_max = parseMaxUnused(*command.max_unused);
  const OpenRepository repository = openRepository(context);
  Progress progress;
  repository::PruneResult result;
  std::vector<std::string> warnings;
  {
    const StatusDisplay display(context, progress);
    std::unique_ptr<repository::RepositoryLock> lock;
    if (command.options.dry_run) {
      lock = jobs::lockForReading(*repository, &context.cancel, warnings);
    } else {
      lock = std::make_unique<repository::RepositoryLock>(*repository, repository::LockKind::kExclusive,
                                                          &context.cancel);
    }
    result = repository::prune(*repository, lock.get(), command.options, progress, context.cancel);
  }
  result.warnings.insert(result.warnings.begin(), warnings.begin(), warnings.end());
  if (context.shared.json) {
    printJson(context.out, jobs::summaryJson(result, command.options.dry_run));
  } else {
    printPruneReport(context, result, command.options.dry_run);
  }
  return 0;
}

}  // namespace

void addPruneCommand(CLI::App& app, Context& context) {
  auto prune = std::make_shared<PruneCommand>();
  CLI::App* command =
      newCommand(app, context,
                 {.name = "prune",
                  .summary = "Remove what no backup in a repository needs any more",
                  .examples = "enamel prune -r /backup/practice --dry-run\nenamel prune -r /backup/practice"},
                 [&context, prune] { return runPrune(context, *prune); });
  addRepositoryOptions(*command, context);
  command->add_flag("-n,--dry-run", prune->options.dry_run, "Say what would go, and change nothing");
  addMaxUnusedOption(*command, prune->max_unused);
  command->add_flag("--remove-all", prune->options.remove_all,
                    "Remove everything where there is no backup left; else that is taken for damage");
  addThreadsOption(*command, prune->options.threads);
  addOutputOptions(*command, context);
}

}  // namespace enamel::cli
