#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <memory>
#include <ostream>
#include <system_error>

#include "base/error.h"
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

constexpr std::uint64_t kReadImagesMax = 1'000'000;  // these are held by name; "all" are not

struct DrillCommand {
  jobs::DrillOptions job;
  std::string report, read_images = "20";
};

bool endsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

void writeReport(const std::string& file, const jobs::DrillReport& report) {
  const std::string text = endsWith(file, ".json") ? report.toJson() + "\n" : report.toText();
  const ByteView part = asBytes(text);
  writeFileDurably(file, {&part, 1}, 0644);
}

// Before the drill, which takes long: the report is what remains of it.
void requireWritable(const std::string& file) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path folder = fs::path(file).has_parent_path() ? fs::path(file).parent_path() : fs::path(".");
  if (fs::is_directory(file, error))
    throw Error(ErrorCode::kUsage, "the report " + file + " cannot be written: it is a folder",
                "name a file in it: --report " + (fs::path(file) / "drill.txt").string());
  if (!fs::is_directory(folder, error))
    throw Error(ErrorCode::kNotFound,
                "the report " + file + " cannot be written: there is no folder " + folder.string(),
                "make the folder, or give --report a file in another one");
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    Error failure =
        systemError("the report " + file + " cannot be written: folder " + folder.string(), errno);
    failure.addHint("give --report a file in a folder that you may write to");
    throw failure;
  }
}

std::uint64_t imagesToRead(const std::string& text) {
  if (text == "all") return jobs::DrillOptions::kAllImages;
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc() || stopped != end || number > kReadImagesMax)
    throw Error(ErrorCode::kUsage, "--read-images takes a number up to " + std::to_string(kReadImagesMax) +
                                       ", or all, and not \"" + text + "\"");
  return number;
}

int runDrill(Context& context, DrillCommand& command) {
  command.job.read_images = imagesToRead(command.read_images);
  if (!command.report.empty()) requireWritable(command.report);
  const OpenRepository repository = openRepository(context);
  Progress progress;
  jobs::DrillReport report;
  {
    const StatusDisplay display(context, progress);
    std::vector<std::string> warnings;
    const auto lock = jobs::lockForReading(*repository, &context.cancel, warnings);
    report = jobs::runDrill(*repository, command.job, progress, context.cancel);
    if (lock) lock->check();  // what was read may have been removed meanwhile
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
                              "enamel drill -r /backup/practice 5f3a99c1 --report /srv/reports/drill.txt\n"
                              "enamel drill -r /backup/practice --read-images all"},
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
      ->add_option("--read-images", options->read_images,
                   "How many image files are read back whole, the newest and others by chance, or all; that "
                   "their pieces are there is seen of every file")
      ->type_name("N|all")
      ->capture_default_str();
  command
      ->add_option("--scratch-folder", options->job.scratch_folder,
                   "Where the restored database may lie meanwhile; else $TMPDIR or /tmp")
      ->type_name("DIR");
  addThreadsOption(*command, options->job.threads);
  addOutputOptions(*command, context);
}

}  // namespace enamel::cli
