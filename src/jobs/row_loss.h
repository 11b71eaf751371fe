#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mariadb/manifest.h"

namespace enamel::jobs {

// A table that has fewer rows than in the backup before.
struct RowLoss {
  std::string table;
  std::uint64_t rows_before = 0;
  std::uint64_t rows = 0;  // 0 also if the table is gone

  friend bool operator==(const RowLoss&, const RowLoss&) = default;
};

// Tables that had 50 rows or more and lost a fifth of them or more, those that lost most first, 50 at most.
// Nothing where the two are of different databases. Tables that could not be read are not among them: they
// are errors.
std::vector<RowLoss> rowLosses(const mariadb::Manifest& before, const mariadb::Manifest& now);

}  // namespace enamel::jobs
