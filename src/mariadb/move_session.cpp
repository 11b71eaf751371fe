#include "mariadb/move_session.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/error.h"
#include "base/letter_case.h"
#include "mariadb/restore_session.h"

namespace enamel::mariadb {

std::vector<std::string> sessionsIn(Connection& connection, const std::string& database) {
  std::vector<std::string> who;
  const std::string own = std::to_string(connection.threadId());
  for (const StoredRow& row : connection.query("SHOW PROCESSLIST")) {
    // Id, User, Host, db, ...
    if (row.size() < 4 || !row[3] || row[0] == own || upperCase(*row[3]) != upperCase(database)) continue;
    const std::string host = row[2].value_or("");
    who.push_back(row[1].value_or("") + "@" + host.substr(0, host.find(':')));
  }
  return who;
}

MoveSession::MoveSession(const Address& address, const MoveOptions& options, const CancelToken& cancel)
    : options_(options), cancel_(&cancel), connection_(openRestoreConnection(address)) {
  // Strict: a journal that a server cuts short would be none.
  connection_.execute("SET SESSION sql_mode = 'STRICT_ALL_TABLES', lock_wait_timeout = " +
                      std::to_string(options.lock_wait_s));
}

std::string MoveSession::othersIn(const std::string& database) {
  try {
    std::vector<std::string> who = sessionsIn(connection_, database);
    if (who.empty()) return {};
    std::sort(who.begin(), who.end());
    who.erase(std::unique(who.begin(), who.end()), who.end());
    constexpr std::size_t kTold = 8;
    std::string names;
    for (std::size_t i = 0; i < std::min(who.size(), kTold); ++i) names += (i == 0 ? "" : ", ") + who[i];
    return "; connected to " + database + ": " + names + (who.size() > kTold ? ", and others" : "");
  } catch (const Error&) {
    return {};  // who it is would only have been good to know
  }
}

void MoveSession::execute(const std::string& sql, const std::string& database) {
  constexpr std::chrono::milliseconds kPause{300};
  for (unsigned attempt = 1;; ++attempt) {
    if (options_.on_statement) options_.on_statement(sql, false);
    try {
      connection_.execute(sql);
      break;
    } catch (Error& error) {
      if (error.code() != ErrorCode::kDatabaseBusy) throw;
      if (attempt >= options_.lock_attempts)
        throw Error(ErrorCode::kDatabaseBusy,
                    std::string(error.what()) + ": others held a lock each of " + std::to_string(attempt) +
                        " times" + (database.empty() ? std::string() : othersIn(database)),
                    "have everybody close Open Dental, wait for reports and backups to end, and try again");
    }
    std::this_thread::sleep_for(kPause);
    cancel_->check();
  }
  if (options_.on_statement) options_.on_statement(sql, true);
}

}  // namespace enamel::mariadb
