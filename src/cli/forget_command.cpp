#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "base/bytes.h"
#include "base/error.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/prune_report.h"
#include "cli/status.h"
#include "jobs/forget.h"
#include "jobs/result_json.h"
#include "jobs/snapshot_json.h"

namespace enamel::cli {
namespace {

using repository::KeepPolicy;
using repository::Verdict;

struct CountOption {
  const char *name, *description;
  int KeepPolicy::*count;
};
constexpr CountOption kCounts[] = {
    {"--keep-last", "Keep the newest N", &KeepPolicy::last},
    {"--keep-hourly", "Keep one of each of the last N hours that have any", &KeepPolicy::hourly},
    {"--keep-daily", "Keep one of each of the last N days that have any", &KeepPolicy::daily},
    {"--keep-weekly", "Keep one of each of the last N weeks that have any", &KeepPolicy::weekly},
    {"--keep-monthly", "Keep one of each of the last N months that have any", &KeepPolicy::monthly},
    {"--keep-yearly", "Keep one of each of the last N years that have any", &KeepPolicy::yearly},
};
struct SpanOption {
  const char *name, *description;
  repository::CalendarSpan KeepPolicy::*span;
};
constexpr SpanOption kSpans[] = {
    {"--keep-within", "Keep all of this long before the newest", &KeepPolicy::within},
    {"--keep-within-hourly", "Keep one an hour of this long before the newest", &KeepPolicy::within_hourly},
    {"--keep-within-daily", "Keep one a day of this long before the newest", &KeepPolicy::within_daily},
    {"--keep-within-weekly", "Keep one a week of this long before the newest", &KeepPolicy::within_weekly},
    {"--keep-within-monthly", "Keep one a month of this long before the newest", &KeepPolicy::within_monthly},
    {"--keep-within-yearly", "Keep one a year of this long before the newest", &KeepPolicy::within_yearly},
};

struct ForgetCommand {
  jobs::ForgetOptions options;
  // Not given is not the same as empty: a variable that a script forgot to set must not be no rule.
  std::optional<std::string> counts[std::size(kCounts)], spans[std::size(kSpans)], max_unused;
  std::vector<std::string> keep_tags;
  bool prune = false;
};

int parseCount(const std::string& name, const std::string& text) {
  constexpr int kMax = 1'000'000;
  if (text == "unlimited" || text == "-1") return KeepPolicy::kAll;
  int count = -1;
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (digits && text.size() <= 7) count = std::stoi(text);
  if (count < 0 || count > kMax)
    throw Error(ErrorCode::kUsage,
                name + " takes a number up to " + formatCount(kMax) + " or unlimited, not '" + text + "'");
  return count;
}

std::vector<std::string> splitAtCommas(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    if (comma > from) parts.push_back(text.substr(from, comma - from));
    from = comma + 1;
  }
  return parts;
}

void readOptions(ForgetCommand& command) {
  KeepPolicy& policy = command.options.policy;
  for (std::size_t i = 0; i < std::size(kCounts); ++i)
    if (command.counts[i]) policy.*kCounts[i].count = parseCount(kCounts[i].name, *command.counts[i]);
  for (std::size_t i = 0; i < std::size(kSpans); ++i) {
    if (!command.spans[i]) continue;
    const auto span = repository::parseCalendarSpan(*command.spans[i]);
    if (!span)
      throw Error(ErrorCode::kUsage, std::string(kSpans[i].name) +
                                         " takes a time such as 1y6m, 14d or 36h, not '" + *command.spans[i] +
                                         "'");
    policy.*kSpans[i].span = *span;
  }
  for (const std::string& tags : command.keep_tags) {
    policy.tags.push_back(splitAtCommas(tags));
    if (policy.tags.back().empty()) throw Error(ErrorCode::kUsage, "--keep-tag takes a tag, not ''");
  }
  if (command.prune) {
    command.options.prune.emplace();
    if (command.max_unused) command.options.prune->unused_fraction_max = parseMaxUnused(*command.max_unused);
  } else if (command.max_unused) {
    throw Error(ErrorCode::kUsage, "--max-unused goes with --prune");
  }
}

void printForPeople(const Context& context, const jobs::ForgetResult& result, bool dry_run) {
  for (const auto& group : result.groups) {
    context.out << printable(group.front().snapshot.hostname) << ": " << joined(group.front().snapshot.paths)
                << '\n';
    Table table({"", "ID", "Time", "Why", "Tags"});
    for (const Verdict& verdict : group)
      table.add({verdict.keep() ? "keep" : "REMOVE", verdict.snapshot.id.shortHex(),
                 formatLocal(verdict.snapshot.time), joined(verdict.reasons), joined(verdict.snapshot.tags)});
    context.out << table.text() << '\n';
  }
  context.out << (dry_run ? "would remove " : "removed ") << formatCount(result.removed, "snapshot") << ", "
              << formatCount(result.kept) << (result.kept == 1 ? " stays\n" : " stay\n");
  if (result.prune) {
    printPruneReport(context, *result.prune, dry_run);
  } else if (dry_run) {
    context.out << "This was a dry run: nothing was changed.\n";
  } else if (result.removed != 0) {
    context.out << "Their data stays until it is removed with `enamel prune`.\n";
  }
}

void printJsonReport(const Context& context, const jobs::ForgetResult& result, bool dry_run) {
  for (const auto& group : result.groups) {
    nlohmann::ordered_json keep = nlohmann::ordered_json::array(), remove = keep, reasons = keep;
    for (const Verdict& verdict : group) {
      (verdict.keep() ? keep : remove).push_back(jobs::snapshotJson(verdict.snapshot));
      if (verdict.keep())
        reasons.push_back({{"id", verdict.snapshot.id.hex()}, {"matches", verdict.reasons}});
    }
    printJson(context.out, {{"message_type", "group"},
                            {"host", group.front().snapshot.hostname},
                            {"paths", group.front().snapshot.paths},
                            {"keep", keep},
                            {"remove", remove},
                            {"reasons", reasons}});
  }
  printJson(context.out, jobs::summaryJson(result, dry_run));
}

int runForget(Context& context, ForgetCommand& command) {
  readOptions(command);
  const OpenRepository repository = openRepository(context);
  Progress progress;
  jobs::ForgetResult result;
  {
    const StatusDisplay display(context, progress);
    result = jobs::runForget(*repository, command.options, progress, context.cancel);
  }
  printWarnings(context, result.warnings);
  if (context.shared.json) {
    printJsonReport(context, result, command.options.dry_run);
  } else {
    printForPeople(context, result, command.options.dry_run);
  }
  return 0;
}

void addPolicyOptions(CLI::App& command, ForgetCommand& forget) {
  for (std::size_t i = 0; i < std::size(kCounts); ++i)
    command.add_option(kCounts[i].name, forget.counts[i], kCounts[i].description)->type_name("N");
  for (std::size_t i = 0; i < std::size(kSpans); ++i)
    command.add_option(kSpans[i].name, forget.spans[i], kSpans[i].description)->type_name("SPAN");
  command
      .add_option("--keep-tag", forget.keep_tags,
                  "Keep all that are marked with these words, separated by commas; may be repeated")
      ->type_name("TAGS")
      ->expected(1)
      ->take_all();
}

}  // namespace

void addForgetCommand(CLI::App& app, Context& context) {
  auto forget = std::make_shared<ForgetCommand>();
  CLI::App* command =
      newCommand(app, context,
                 {.name = "forget",
                  .summary = "Remove old backups, by rule or by name",
                  .examples = "enamel forget -r /backup/practice --keep-daily 14 --keep-weekly 8 "
                              "--keep-monthly 24 --dry-run\n"
                              "enamel forget -r /backup/practice --keep-within 1y --prune\n"
                              "enamel forget -r /backup/practice 4bba301e"},
                 [&context, forget] { return runForget(context, *forget); });
  addRepositoryOptions(*command, context);
  command->add_option("SNAPSHOT", forget->options.snapshots, "These, instead of by rule")->type_name("");
  addPolicyOptions(*command, *forget);
  command->add_option("--host", forget->options.host, "Look only at backups of this server")
      ->type_name("NAME");
  command
      ->add_option("--tag", forget->options.tags,
                   "Look only at backups marked with this word; may be repeated")
      ->type_name("TAG")
      ->expected(1)
      ->take_all();
  command->add_flag("-n,--dry-run", forget->options.dry_run, "Say what would go, and change nothing");
  command->add_flag("--prune", forget->prune, "Then remove what no backup needs any more");
  addMaxUnusedOption(*command, forget->max_unused);
  command->add_flag("--force", forget->options.force,
                    "Remove a named backup even where it is the last (complete) one");
  addOutputOptions(*command, context);
}

}  // namespace enamel::cli
