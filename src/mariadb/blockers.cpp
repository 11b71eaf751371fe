#include "mariadb/blockers.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <string_view>

#include "base/error.h"
#include "mariadb/server_error.h"

namespace enamel::mariadb {
namespace {

// The first word of a statement, upper case, comments and brackets before it skipped.
std::string firstWord(std::string_view sql) {
  std::size_t at = 0;
  for (;;) {
    while (at < sql.size() && (std::isspace(static_cast<unsigned char>(sql[at])) != 0 || sql[at] == '('))
      ++at;
    if (sql.substr(at, 2) != "/*") break;
    const auto end = sql.find("*/", at + 2);
    if (end == std::string_view::npos) return {};
    at = end + 2;
  }
  std::string word;
  while (at < sql.size() && std::isalpha(static_cast<unsigned char>(sql[at])) != 0)
    word += static_cast<char>(std::toupper(static_cast<unsigned char>(sql[at++])));
  return word;
}

bool onlyReads(const std::string& word) {
  static constexpr std::array<std::string_view, 9> kReads{"SELECT", "SHOW", "DESCRIBE", "DESC",  "EXPLAIN",
                                                          "WITH",   "SET",  "KILL",     "BACKUP"};
  return std::find(kReads.begin(), kReads.end(), word) != kReads.end();
}

}  // namespace

std::string Blocker::describe() const {
  return user + " has been running \"" + statement + "\" for " + std::to_string(static_cast<long>(seconds)) +
         " s";
}

std::optional<Blocker> findBlocker(Connection& connection, double seconds_min, bool reads_too) {
  std::optional<Blocker> worst;
  for (const StoredRow& row : connection.query("SHOW FULL PROCESSLIST")) {
    if (row.size() < 8 || !row[4] || !row[7]) continue;
    if (row[0] && *row[0] == std::to_string(connection.threadId())) continue;
    const std::string& command = *row[4];
    if (command != "Query" && command != "Execute") continue;
    const double seconds = row[5] ? std::strtod(row[5]->c_str(), nullptr) : 0;
    if (seconds < seconds_min || (worst && seconds <= worst->seconds)) continue;
    const std::string word = firstWord(*row[7]);
    if (!reads_too && onlyReads(word)) continue;
    const std::string host = row[2].value_or("");
    worst = Blocker{.user = row[1].value_or("") + "@" + host.substr(0, host.find(':')),
                    .seconds = seconds,
                    .statement = firstWords(*row[7])};
  }
  return worst;
}

}  // namespace enamel::mariadb
