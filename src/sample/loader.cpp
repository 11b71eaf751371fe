#include "sample/loader.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/worker_pool.h"
#include "mariadb/connection.h"
#include "sample/schema.h"

namespace enamel::sample {
namespace {

constexpr std::size_t kBatchBytes = 256 << 10;

// What CURRENT_TIMESTAMP gives while rows are loaded: noon of the last day, so that one seed gives one
// practice whenever it is made.
constexpr std::int64_t kLoadTime = kLastDay * 86400 + 43200;

void load(const World& world, const TableRows& rows, mariadb::Connection& connection, Progress& progress,
          const CancelToken& cancel) {
  const std::vector<TableDefinition>& all = tableDefinitions();
  const auto definition =
      std::find_if(all.begin(), all.end(), [&](const auto& t) { return t.name == rows.table; });
  ENAMEL_CHECK(definition != all.end());
  const Engine engine = world.options().engine;
  const bool is_myisam = !usesInnodb(rows.table, engine);
  const std::string name = mariadb::quoteName(rows.table);
  connection.execute(createTableSql(*definition, engine));
  if (is_myisam) connection.execute("ALTER TABLE " + name + " DISABLE KEYS");

  RowText text;
  std::uint64_t next = 1;
  std::size_t taken = 0;
  const auto read = [&](MutableByteView buffer) -> std::size_t {
    if (taken == text.bytes().size()) {
      cancel.check();
      text.bytes().clear();
      taken = 0;
      for (; next <= rows.count && text.bytes().size() < kBatchBytes; ++next) rows.row(text, next);
      progress.bytes_done += text.bytes().size();
    }
    const std::size_t count = std::min(buffer.size(), text.bytes().size() - taken);
    std::memcpy(buffer.data(), text.bytes().data() + taken, count);
    taken += count;
    return count;
  };
  const std::uint64_t loaded = connection.loadData(
      "LOAD DATA LOCAL INFILE 'rows' INTO TABLE " + name + " CHARACTER SET utf8mb4 (" + rows.columns + ")",
      read);
  if (loaded != rows.count || connection.warningCount() != 0) {
    const auto warnings = connection.query("SHOW WARNINGS LIMIT 1");
    throw Error(ErrorCode::kInternal, "the rows made for the table " + rows.table + " do not fit it: " +
                                          (warnings.empty() ? "" : warnings[0].at(2).value_or("")));
  }
  if (is_myisam) connection.execute("ALTER TABLE " + name + " ENABLE KEYS");
  ++progress.tables_done;
}

}  // namespace

void loadTables(const World& world, const mariadb::Address& address, Progress& progress,
                const CancelToken& cancel) {
  const std::vector<TableRows> tables = allRows(world);
  ENAMEL_CHECK(tables.size() == tableDefinitions().size());
  progress.tables_total = tables.size();
  parallelFor(tables.size(), cpuCount(), Priority::kNormal, [&](std::size_t i) {
    progress.setCurrent(tables[i].table);
    mariadb::Connection connection(address);
    connection.execute("SET SESSION time_zone='+00:00', timestamp=" + std::to_string(kLoadTime) +
                       ", unique_checks=0, foreign_key_checks=0");
    load(world, tables[i], connection, progress, cancel);
  });
  mariadb::Connection connection(address);
  for (const std::string& sql : otherDefinitions()) connection.execute(sql);
}

}  // namespace enamel::sample
