#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/job_options.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/prune_report.h"
#include "cli/status.h"
#include "repository/lock.h"
#include "repository/prune.h"

namespace enamel::cli {
namespace {

struct PruneCommand {
  repository::PruneOptions options;
  std::string max_unused;
};

int runPrune(Context& context, PruneCommand& command) {
  command.options.unused_fraction_max = parseMaxUnused(command.max_unused);
  const OpenRepository repository = openRepository(context);
  Progress progress;
  repository::PruneResult result;
  {
    const StatusDisplay display(context, progress);
    repository::RepositoryLock lock(
        *repository,
        command.options.dry_run ? repository::LockKind::kShared : repository::LockKind::kExclusive,
        &context.cancel);
    result = repository::prune(*repository, lock, command.options, progress, context.cancel);
  }
  if (context.shared.json) {
    nlohmann::ordered_json summary = {{"message_type", "summary"}, {"dry_run", command.options.dry_run}};
    summary.update(pruneJson(result));
    printJson(context.out, summary);
  } else if (!context.shared.quiet) {
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
  addThreadsOption(*command, prune->options.threads);
  addOutputOptions(*command, context);
}

}  // namespace enamel::cli
