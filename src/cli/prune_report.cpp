#include "cli/prune_report.h"

#include <CLI/CLI.hpp>
#include <limits>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/bytes.h"
#include "base/error.h"
#include "cli/output.h"

namespace enamel::cli {

void addMaxUnusedOption(CLI::App& command, std::string& text) {
  text = "5%";
  command
      .add_option("--max-unused", text,
                  "How much of the repository may stay as data that nobody needs, so that less is written "
                  "anew: a part of it such as 5%, 0 or unlimited")
      ->type_name("PERCENT")
      ->capture_default_str();
}

double parseMaxUnused(const std::string& text) {
  if (text == "unlimited") return std::numeric_limits<double>::max();
  const std::string number = text.ends_with('%') ? text.substr(0, text.size() - 1) : text;
  std::size_t end = 0;
  double percent = -1;
  try {
    percent = std::stod(number, &end);
  } catch (const std::exception&) {  // said below
  }
  const bool is_percentage = end == number.size() && percent >= 0 && percent < 100;
  if (!is_percentage || (text == number && percent != 0))
    throw Error(ErrorCode::kUsage,
                "--max-unused takes a part such as 5%, 0 or unlimited, not '" + text + "'");
  return percent / 100;
}

nlohmann::ordered_json pruneJson(const repository::PruneResult& result) {
  return {{"snapshots", result.snapshots},
          {"packs_kept", result.packs_kept},
          {"packs_removed", result.packs_removed},
          {"bytes_removed", result.bytes_removed},
          {"packs_rewritten", result.packs_rewritten},
          {"bytes_rewritten", result.bytes_rewritten},
          {"packs_unindexed", result.packs_unindexed},
          {"bytes_unindexed", result.bytes_unindexed},
          {"bytes_before", result.bytes_before},
          {"bytes_freed", result.bytes_freed},
          {"bytes_unused", result.bytes_unused},
          {"warnings", result.warnings}};
}

void printPruneReport(const Context& context, const repository::PruneResult& result, bool dry_run) {
  printWarnings(context, result.warnings);
  std::ostream& out = context.out;
  out << "needed by  " << formatCount(result.snapshots, "snapshot") << ": "
      << formatCount(result.packs_kept, "pack") << " stay as they are\n";
  if (result.packs_removed != 0)
    out << "unneeded   " << formatCount(result.packs_removed, "pack") << " ("
        << formatSize(result.bytes_removed) << ")\n";
  if (result.packs_rewritten != 0)
    out << "rewritten  " << formatCount(result.packs_rewritten, "pack") << ", "
        << formatSize(result.bytes_rewritten) << " of them needed\n";
  if (result.packs_unindexed != 0)
    out << "leftovers  " << formatCount(result.packs_unindexed, "pack") << " of interrupted backups ("
        << formatSize(result.bytes_unindexed) << ")\n";
  out << (dry_run ? "would free " : "freed      ") << formatSize(result.bytes_freed) << " of "
      << formatSize(result.bytes_before);
  if (result.bytes_unused != 0) out << "; " << formatSize(result.bytes_unused) << " unneeded stay";
  out << '\n';
  if (dry_run) out << "This was a dry run: nothing was changed.\n";
}

}  // namespace enamel::cli
