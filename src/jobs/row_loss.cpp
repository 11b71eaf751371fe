#include "jobs/row_loss.h"

#include <algorithm>

namespace enamel::jobs {
namespace {

constexpr std::uint64_t kRowsMin = 50;
constexpr std::uint64_t kShare = 5;
constexpr std::size_t kTablesMax = 50;

std::uint64_t lost(const RowLoss& loss) {
  return loss.rows_before - loss.rows;
}

}  // namespace

std::vector<RowLoss> rowLosses(const mariadb::Manifest& before, const mariadb::Manifest& now) {
  std::vector<RowLoss> losses;
  if (before.database != now.database) return losses;
  for (const mariadb::ManifestTable& old : before.tables) {
    if (!old.error.empty() || old.rows < kRowsMin) continue;
    const mariadb::ManifestTable* table = now.find(old.name);
    if (table != nullptr && (!table->error.empty() || table->rows >= old.rows)) continue;
    const RowLoss loss{
        .table = old.name, .rows_before = old.rows, .rows = table == nullptr ? 0 : table->rows};
    if (lost(loss) >= loss.rows_before / kShare) losses.push_back(loss);
  }
  std::stable_sort(losses.begin(), losses.end(),
                   [](const RowLoss& a, const RowLoss& b) { return lost(a) > lost(b); });
  if (losses.size() > kTablesMax) losses.resize(kTablesMax);
  return losses;
}

}  // namespace enamel::jobs
