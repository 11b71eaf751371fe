#include "mariadb/row_dump.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <numeric>
#include <optional>

#include "base/error.h"
#include "mariadb/member_list.h"
#include "mariadb/row_writer.h"
#include "mariadb/table_damage.h"

namespace enamel::mariadb {
namespace {

constexpr unsigned kNoSuchTable = 1146;
constexpr unsigned kDefinitionChanged = 1412;
// Larger tables are read by several connections at once.
constexpr std::uint64_t kRangeBytes = 32U << 20;
constexpr std::uint64_t kRangesMax = 512;
// Rows between two looks at what goes on around.
constexpr std::uint64_t kRowsBetweenLooks = 512;
constexpr std::uint64_t kBytesBetweenLooks = 1U << 20;
const char* const kSavepoint = "enamel_nothing_read";

bool isInteger(std::string_view type) {
  static constexpr std::array<std::string_view, 5> kTypes{"tinyint", "smallint", "mediumint", "int",
                                                          "bigint"};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

// Engines that keep rows in the order of the primary key.
bool isClustered(const TableInfo& info) {
  return info.engine == "InnoDB";
}

// The widest signed and unsigned keys both fit.
__extension__ using Key = __int128;

std::optional<Key> parseKey(const std::string& text) {
  if (text.empty()) return std::nullopt;
  if (text.front() == '-') return static_cast<Key>(std::strtoll(text.c_str(), nullptr, 10));
  return static_cast<Key>(std::strtoull(text.c_str(), nullptr, 10));
}

std::string toText(Key key) {
  std::string digits;
  const bool negative = key < 0;
  if (negative) key = -key;
  do {
    digits += static_cast<char>('0' + static_cast<int>(key % 10));
    key /= 10;
  } while (key != 0);
  if (negative) digits += '-';
  std::reverse(digits.begin(), digits.end());
  return digits;
}

// Where '' is a member, an ENUM's number 0 reads as '', too, and a SET's text does not always show that '' is
// in it: those values are told by their number.
std::string tellEmptyApart(const std::string& name, const TableColumn& column) {
  const std::vector<std::string> members = listMembers(column.full_type);
  const auto empty = std::find(members.begin(), members.end(), std::string());
  if (empty == members.end()) return name;
  if (column.type == "enum") {
    const std::string text = numberText(0, members);
    return text.empty() ? name : "IF(" + name + " + 0 = 0, '" + text + "', " + name + ")";
  }
  const bool confusing = std::any_of(members.begin(), members.end(),
                                     [](const std::string& m) { return !m.empty() && m.front() == '0'; });
  const std::uint64_t bit = std::uint64_t{1} << std::min<std::ptrdiff_t>(empty - members.begin(), 63);
  if (confusing) return name;
  return "IF(" + name + " & " + std::to_string(bit) + ", CONCAT('0', CAST(" + name + " AS UNSIGNED)), " +
         name + ")";
}

}  // namespace

std::string loadableExpression(const TableColumn& column) {
  const std::string name = quoteName(column.name);
  if (column.type == "enum" || column.type == "set") return tellEmptyApart(name, column);
  // A float is shown with six digits; the same value as a double has all of them.
  if (column.type == "float") return name + " + 0e0";
  // These take text in a character set, but of binary strings the stored form.
  if (column.type == "inet6" || column.type == "uuid") return "CAST(" + name + " AS BINARY(16))";
  if (column.type == "inet4") return "CAST(" + name + " AS BINARY(4))";
  return name;
}

void prepareForReading(Connection& connection) {
  connection.execute("SET SESSION time_zone = '+00:00', character_set_results = NULL");
  connection.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
}

std::string selectStatement(std::string_view database, const RowTable& table, std::string_view where) {
  std::string columns;
  for (const TableColumn& column : table.columns.columns) {
    if (column.generated) continue;
    if (!columns.empty()) columns += ", ";
    columns += loadableExpression(column);
  }
  std::string sql = "SELECT /*!40001 SQL_NO_CACHE */ " + columns + " FROM " + quoteName(database) + "." +
                    quoteName(table.info.name);
  if (isClustered(table.info) && !table.columns.primary_key.empty()) {
    sql += " FORCE INDEX (PRIMARY)";
    if (!where.empty()) sql.append(" WHERE ").append(where);
    std::string order;
    for (const std::string& column : table.columns.primary_key)
      order += (order.empty() ? " ORDER BY " : ", ") + quoteName(column);
    sql += order;
  }
  return sql;
}

RowDump::RowDump(repository::BlobWriter& writer, files::RateLimiter& limiter, const Options& options,
                 Progress& progress, const CancelToken& cancel)
    : writer_(writer),
      limiter_(limiter),
      options_(options),
      cutter_(chunker::RowCutter::Options{}, options.seed),
      progress_(progress),
      cancel_(cancel) {}

std::vector<RowDump::Range> RowDump::plan(Connection& connection, const std::vector<RowTable>& tables) {
  std::vector<Range> ranges;
  for (std::size_t t = 0; t < tables.size(); ++t) {
    const RowTable& table = tables[t];
    const auto whole = [&] { ranges.push_back({.table = t, .bytes = table.info.data_bytes}); };
    const auto& key = table.columns.primary_key;
    const auto column = std::find_if(table.columns.columns.begin(), table.columns.columns.end(),
                                     [&](const auto& c) { return !key.empty() && c.name == key.front(); });
    if (!isClustered(table.info) || table.info.data_bytes < 2 * kRangeBytes ||
        column == table.columns.columns.end() || !isInteger(column->type)) {
      whole();
      continue;
    }
    const std::string name = quoteName(key.front());
    std::optional<Key> low, high;
    try {
      const auto found = connection.query("SELECT MIN(" + name + "), MAX(" + name + ") FROM " +
                                          quoteName(options_.database) + "." + quoteName(table.info.name));
      low = parseKey(found.at(0).at(0).value_or(""));
      high = parseKey(found.at(0).at(1).value_or(""));
    } catch (const Error& e) {
      if (e.code() == ErrorCode::kDatabaseUnreachable) throw;  // what else is wrong shows when it is read
    }
    letGo(connection);
    if (!low || !high) {
      whole();
      continue;
    }
    // A power of two, at multiples of itself: ranges begin at the same keys in the next backup.
    const Key span = *high - *low + 1;
    const Key count = static_cast<Key>(std::min(kRangesMax, table.info.data_bytes / kRangeBytes));
    Key width = 1;
    while (width * count < span) width *= 2;
    Key from = *low / width * width;
    if (from > *low) from -= width;
    const std::uint64_t bytes = table.info.data_bytes / static_cast<std::uint64_t>(count);
    for (bool first = true;; first = false, from += width) {
      const bool last = from + width > *high;
      std::string where;
      if (!first) where = name + " >= " + toText(from);
      if (!last) where += (where.empty() ? "" : " AND ") + name + " < " + toText(from + width);
      ranges.push_back({.table = t, .where = where, .bytes = bytes});
      if (last) break;
    }
  }
  return ranges;
}

// False where the transaction has read a table whose engine knows no savepoints (Aria): what is read is then
// held until the end.
bool RowDump::setSavepoint(Connection& connection) {
  constexpr unsigned kEngineHasNone = 1178;
  try {
    connection.execute(std::string("SAVEPOINT ") + kSavepoint);
    return true;
  } catch (const Error&) {
    if (connection.lastErrorNumber() != kEngineHasNone) throw;
    return false;
  }
}

// Fails where the server has ended the transaction by itself: what is read after that is not the instant's.
void RowDump::letGo(Connection& connection) const {
  if (lets_go_) connection.execute(std::string("ROLLBACK TO SAVEPOINT ") + kSavepoint);
}

void RowDump::readRange(Connection& connection, const RowTable& table, Range& range) {
  readRows(connection, table, range);
  if (options_.objection && range.rows.error.empty()) {
    range.rows.error = options_.objection(table);
    range.rows.changed = !range.rows.error.empty();
  }
  letGo(connection);
}

void RowDump::readRows(Connection& connection, const RowTable& table, Range& range) {
  RowWriter rows(writer_, cutter_, progress_);
  std::uint64_t looked_rows = 0, unpaid = 0;
  bool ours = false;  // what failed is not the server's reading
  try {
    connection.stream(selectStatement(options_.database, table, range.where), [&](const Row& row) {
      ours = true;
      for (const Field& field : row) unpaid += field.size;
      rows.add(row);
      if (++looked_rows >= kRowsBetweenLooks || unpaid >= kBytesBetweenLooks) {
        cancel_.check();
        limiter_.take(unpaid, cancel_);
        looked_rows = unpaid = 0;
      }
      ours = false;
    });
  } catch (const Error& e) {
    const unsigned number = connection.lastErrorNumber();
    if (ours || number == 0 || e.code() == ErrorCode::kDatabaseUnreachable) throw;
    if (number == kDefinitionChanged) {
      range.rows.changed = true;
    } else if (number == kNoSuchTable) {
      range.rows.gone = true;
    }
    range.rows.error = isDamagedTable(number) ? withAdvice(e.what(), table.info.name) : e.what();
    return;
  }
  rows.finish();
  range.rows.content = rows.content();
  range.rows.rows = rows.rows();
  range.rows.bytes = rows.bytes();
}

std::vector<DumpedRows> RowDump::read(std::vector<Connection>& connections,
                                      const std::vector<RowTable>& tables) {
  lets_go_ = options_.objection != nullptr;
  for (Connection& connection : connections) lets_go_ = lets_go_ && setSavepoint(connection);
  std::vector<Range> ranges = plan(connections.at(0), tables);
  // Largest first: the last ones to end are then short.
  std::vector<std::size_t> order(ranges.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return ranges[a].bytes > ranges[b].bytes; });
  std::atomic<std::size_t> next{0};
  parallelFor(connections.size(), connections.size(), options_.priority, [&](std::size_t c) {
    for (std::size_t i = next++; i < order.size(); i = next++) {
      cancel_.check();
      Range& range = ranges[order[i]];
      progress_.setCurrent(tables[range.table].info.name);
      readRange(connections[c], tables[range.table], range);
    }
  });
  std::vector<DumpedRows> result(tables.size());
  for (Range& range : ranges) {
    DumpedRows& rows = result[range.table];
    rows.content.insert(rows.content.end(), range.rows.content.begin(), range.rows.content.end());
    rows.rows += range.rows.rows;
    rows.bytes += range.rows.bytes;
    rows.changed |= range.rows.changed;
    rows.gone |= range.rows.gone;
    if (rows.error.empty()) rows.error = range.rows.error;
  }
  return result;
}

}  // namespace enamel::mariadb
