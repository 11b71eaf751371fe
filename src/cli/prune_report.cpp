#include "cli/prune_report.h"

#include <CLI/CLI.hpp>
#include <ostream>

#include "base/bytes.h"
#include "base/error.h"
#include "cli/output.h"

namespace enamel::cli {

void addMaxUnusedOption(CLI::App& command, std::optional<std::string>& text) {
  command
      .add_option("--max-unused", text,
                  "How much of the repository may stay as data that nobody needs, so that less is written "
                  "anew: a part of it such as 5% (that is what it is if not given), 0 or unlimited")
      ->type_name("PERCENT");
}

double parseMaxUnused(const std::string& text) {
  if (text == "unlimited") return 1;
  if (text == "0") return 0;
  const bool is_percentage = text.size() >= 2 && text.size() <= 8 && text.back() == '%' &&
                             text.find_first_not_of("0123456789.") == text.size() - 1 &&
                             text.find('.') == text.rfind('.') && text.front() != '.';
  const double percent = is_percentage ? std::stod(text) : 100;
  if (percent >= 100)
    throw Error(ErrorCode::kUsage,
                "--max-unused takes a part such as 5%, 0 or unlimited, not '" + text + "'");
  return percent / 100;
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
