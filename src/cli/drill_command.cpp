#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "base/file.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/job_options.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/status.h"
#include "jobs/drill.h"
#include "jobs/reading_lock.h"
#include "jobs/version.h"

namespace enamel::cli {
namespace {

struct DrillCommand {
  jobs::DrillOptions job;
  std::string report;
};

bool endsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

void writeReport(const std::string& file, const jobs::DrillReport& report) {
  const std::string text = endsWith(file, ".json") ? report.toJson() + "\n" : report.toText();
  const ByteView part = asBytes(text);
  writeFileDurably(file, {&part, 1}, 0644);
}

int runDrill(Context& context, const DrillCommand& command) {
  const OpenRepository repository = openRepository(context);
  Progress progress;
  jobs::DrillReport report;
  {
    const StatusDisplay display(context, progress);
    std::vector<std::string> warnings;
    const auto lock = jobs::lockForReading(*repository, &context.cancel, warnings);
    report = jobs::runDrill(*repository, command.job, progress, context.cancel);
    report.warnings.insert(report.warnings.end(), warnings.begin(), warnings.end());
  }
  context.out << (context.shared.json ? report.toJson() + "\n" : report.toText());
  if (!command.report.empty()) writeReport(command.report, report);
  return report.passed ? 0 : exitCode(ErrorCode::kVerifyFailed);
}

}  // namespace

void addDrillCommand(CLI::App& app, Context& context) {
  auto options = std::make_shared<DrillCommand>();
  options->job.program_version = jobs::programVersion();
  CLI::App* command =
      newCommand(app, context,
                 {.name = "drill",
                  .summary = "Practice run: restore a backup into a private database server and check it",
                  .examples = "enamel drill -r /backup/practice\n"
                              "enamel drill -r /backup/practice 5f3a99c1 --report /srv/reports/drill.txt"},
                 [&context, options] { return runDrill(context, *options); });
  addRepositoryOptions(*command, context);
  command->add_option("SNAPSHOT", options->job.snapshot, "The snapshot's id, its first digits, or latest")
      ->type_name("")
      ->capture_default_str();
  command
      ->add_option("--report", options->report,
                   "Write the report to this file, too; JSON if the name ends in .json")
      ->type_name("FILE");
  command
      ->add_option("--scratch-folder", options->job.scratch_folder,
                   "Where the restored database may lie meanwhile; else $TMPDIR or /tmp")
      ->type_name("DIR");
  addThreadsOption(*command, options->job.threads);
  addOutputOptions(*command, context);
}

}  // namespace enamel::cli
