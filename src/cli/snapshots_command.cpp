#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/bytes.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/open.h"
#include "cli/output.h"
#include "jobs/snapshot_json.h"

namespace enamel::cli {
namespace {

using repository::Snapshot;

struct SnapshotsOptions {
  std::vector<std::string> tags;
  std::string host;
};

void printTable(const Context& context, const std::vector<Snapshot>& snapshots) {
  Table table({"ID", "Time", "Host", "Files", "Size", "Added", "Holds", "Tags"});
  for (const Snapshot& snapshot : snapshots) {
    std::vector<std::string> row = {snapshot.id.shortHex(), formatLocal(snapshot.time),
                                    printable(snapshot.hostname)};
    if (snapshot.summary) {
      row.push_back(formatCount(snapshot.summary->total_files_processed));
      row.push_back(formatSize(snapshot.summary->total_bytes_processed));
      row.push_back(formatSize(snapshot.summary->data_added_packed));
    } else {
      row.insert(row.end(), 3, "-");
    }
    row.push_back(joined(snapshot.paths));
    row.push_back(joined(snapshot.tags));
    table.add(std::move(row));
  }
  if (!snapshots.empty()) context.out << table.text();
  if (!context.shared.quiet) context.out << formatCount(snapshots.size(), "snapshot") << '\n';
}

bool isWanted(const Snapshot& snapshot, const SnapshotsOptions& options) {
  if (!options.host.empty() && snapshot.hostname != options.host) return false;
  return std::all_of(options.tags.begin(), options.tags.end(),
                     [&](const std::string& tag) { return snapshot.hasTag(tag); });
}

int runSnapshots(Context& context, const SnapshotsOptions& options) {
  const OpenRepository repository = openRepository(context);
  std::vector<std::string> damaged;
  std::vector<Snapshot> snapshots = repository->listSnapshots(&damaged);
  snapshots.erase(std::remove_if(snapshots.begin(), snapshots.end(),
                                 [&](const Snapshot& snapshot) { return !isWanted(snapshot, options); }),
                  snapshots.end());
  if (context.shared.json) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const Snapshot& snapshot : snapshots) list.push_back(jobs::snapshotJson(snapshot));
    printJson(context.out, list);
  } else {
    printTable(context, snapshots);
  }
  if (damaged.empty()) return 0;
  context.out.flush();
  std::string all;
  for (const std::string& line : damaged) all += (all.empty() ? "" : "; ") + line;
  throw Error(ErrorCode::kCorrupt, "the list is not whole: " + all,
              "`enamel check` says what else is damaged");
}

}  // namespace

void addSnapshotsCommand(CLI::App& app, Context& context) {
  auto options = std::make_shared<SnapshotsOptions>();
  CLI::App* command = newCommand(app, context,
                                 {.name = "snapshots",
                                  .summary = "List the backups in a repository",
                                  .examples = "enamel snapshots -r /backup/practice\n"
                                              "enamel snapshots -r /backup/practice --tag nightly --json"},
                                 [&context, options] { return runSnapshots(context, *options); });
  addRepositoryOptions(*command, context);
  command->add_option("--tag", options->tags, "Only those marked with this word; may be repeated")
      ->type_name("TAG")
      ->expected(1)
      ->take_all();
  command->add_option("--host", options->host, "Only those of this server")->type_name("NAME");
  addOutputOptions(*command, context);
}

}  // namespace enamel::cli
