#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/bytes.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/job_options.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/status.h"
#include "jobs/reading_lock.h"
#include "jobs/result_json.h"
#include "repository/check.h"

namespace enamel::cli {
namespace {

using repository::CheckOptions;
using repository::CheckResult;

void printJsonReport(const Context& context, const CheckResult& result) {
  for (const std::string& error : result.errors)
    printJson(context.out, {{"message_type", "error"}, {"message", error}});
  printJson(context.out, jobs::summaryJson(result));
}

void printForPeople(const Context& context, const CheckResult& result, bool read_data) {
  for (const std::string& error : result.errors) context.out << "error: " << printable(error) << '\n';
  context.out << "checked    " << formatCount(result.snapshots, "snapshot") << ", "
              << formatCount(result.trees, "tree") << ", " << formatCount(result.blobs, "blob") << ", "
              << formatCount(result.packs, "pack");
  if (read_data) context.out << ", " << formatSize(result.bytes_read) << " read";
  context.out << '\n';
  if (!result.ok()) {
    context.out << "The repository is DAMAGED: " << formatCount(result.errors.size(), "error")
                << ". Look after its disk, and copy it as it is before you change anything.\n";
    for (const std::string& advice : result.advice) context.out << "  - " << printable(advice) << '\n';
  } else if (read_data) {
    context.out << "No errors: every stored byte is as it was written.\n";
  } else {
    context.out << "No errors. (--read-data reads every stored byte too.)\n";
  }
}

int runCheck(Context& context, const CheckOptions& options) {
  const OpenRepository repository = openRepository(context);
  Progress progress;
  CheckResult result;
  std::vector<std::string> warnings;
  {
    const StatusDisplay display(context, progress);
    const auto lock = jobs::lockForReading(*repository, &context.cancel, warnings);
    result = repository::check(*repository, options, progress, context.cancel);
  }
  result.warnings.insert(result.warnings.begin(), warnings.begin(), warnings.end());
  printWarnings(context, result.warnings);
  if (context.shared.json) {
    printJsonReport(context, result);
  } else {
    printForPeople(context, result, options.read_data);
  }
  return result.ok() ? 0 : exitCode(ErrorCode::kCorrupt);
}

}  // namespace

void addCheckCommand(CLI::App& app, Context& context) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command = newCommand(app, context,
                                 {.name = "check",
                                  .summary = "Look a repository over for damage",
                                  .examples = "enamel check -r /backup/practice\n"
                                              "enamel check -r /backup/practice --read-data --json"},
                                 [&context, options] { return runCheck(context, *options); });
  addRepositoryOptions(*command, context);
  command->add_flag("--read-data", options->read_data,
                    "Read every stored byte and compare it with its checksum, too");
  addThreadsOption(*command, options->threads);
  addOutputOptions(*command, context);
}

}  // namespace enamel::cli
