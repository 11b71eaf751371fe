#include "opendental/users.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/letter_case.h"
#include "base/trim.h"
#include "opendental/tables.h"

namespace enamel::opendental {

using mariadb::Connection;
using mariadb::Field;
using mariadb::Row;

namespace {

constexpr std::size_t kUsersMax = 100'000;
constexpr std::size_t kRowsMax = 10 * kUsersMax;  // of the other tables
constexpr std::uint64_t kSecurityAdmin = 24;
constexpr std::uint64_t kBackup = 28;

using Numbers = std::map<std::uint64_t, std::set<std::uint64_t>>;

// The columns hold numbers, 0 for none; what the server gives may be anything.
std::optional<std::uint64_t> numberOf(const Field& field) {
  if (field.isNull()) return std::nullopt;
  std::uint64_t number = 0;
  const char* end = field.data + field.size;
  const auto [stop, error] = std::from_chars(field.data, end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::string bytesOf(const Field& field) {
  return field.isNull() ? std::string() : std::string(field.text());
}

void streamAtMost(Connection& connection, const std::string& sql, std::size_t rows_max,
                  const std::function<void(const Row&)>& on_row) {
  std::size_t rows = 0;
  connection.stream(sql + fmt::format(" LIMIT {}", rows_max + 1), [&](const Row& row) {
    if (++rows > rows_max) {
      throw Error(ErrorCode::kLimit, fmt::format("the database has more users, groups or rights than the {} "
                                                 "that are read",
                                                 rows_max));
    }
    on_row(row);
  });
}

class Reader {
 public:
  explicit Reader(Connection& connection) : connection_(connection) {}

  Users read() {
    requireUsers();
    const Numbers rights = rightsOfGroups();
    const bool attached = hasColumns("usergroupattach", {"UserNum", "UserGroupNum"});
    const Numbers groups = attached ? readPairs("usergroupattach", "UserNum", "UserGroupNum") : Numbers();
    const bool in_user = !attached && hasColumns("userod", {"UserGroupNum"});
    if (!attached && !in_user) warn("the database does not say which groups users are in: nobody has rights");
    const bool hides = hasColumns("userod", {"IsHidden"});
    const std::string sql = fmt::format(
        "SELECT UserNum, LEFT(UserName, 255), LEFT(Password, 1025), {}, {} FROM userod ORDER BY UserNum",
        hides ? "IsHidden" : "0", in_user ? "UserGroupNum" : "0");
    streamAtMost(connection_, sql, kUsersMax, [&](const Row& row) {
      const auto number = numberOf(row.at(0));
      if (!number || *number == 0) {
        ++unusable_rows_;
        return;
      }
      User user;
      user.number = *number;
      user.name = bytesOf(row.at(1));
      user.password = parseStoredPassword(bytesOf(row.at(2)));
      user.hidden = row.at(3).text() != "0";
      if (const auto found = groups.find(*number); found != groups.end()) {
        for (const std::uint64_t group : found->second) give(user, rights, group);
      }
      if (const auto group = numberOf(row.at(4))) give(user, rights, *group);
      result_.users.push_back(std::move(user));
    });
    // The server orders a column of another type as text.
    std::stable_sort(result_.users.begin(), result_.users.end(),
                     [](const User& left, const User& right) { return left.number < right.number; });
    if (unusable_rows_ > 0) {
      warn(fmt::format("{} rows of users, groups or rights hold no usable numbers and do not count",
                       unusable_rows_));
    }
    return std::move(result_);
  }

 private:
  void warn(std::string text) { result_.warnings.push_back(std::move(text)); }

  bool hasColumns(const std::string& table, const std::vector<std::string>& columns) {
    return missingColumns(connection_, table, columns).empty();
  }

  void requireUsers() {
    const auto missing = missingColumns(connection_, "userod", {"UserNum", "UserName", "Password"});
    if (missing.empty()) return;
    throw Error(ErrorCode::kNotFound,
                fmt::format("the database {} has no table userod with a column {}",
                            connection_.address().display(), missing.front()),
                "is it an Open Dental database, and may this account read the table userod?");
  }

  Numbers readPairs(const std::string& table, const std::string& key, const std::string& value) {
    Numbers pairs;
    streamAtMost(connection_, fmt::format("SELECT {}, {} FROM {}", key, value, table), kRowsMax,
                 [&](const Row& row) {
                   const auto left = numberOf(row.at(0));
                   const auto right = numberOf(row.at(1));
                   if (!left || !right) {
                     ++unusable_rows_;
                   } else if (*left != 0 && *right != 0) {
                     pairs[*left].insert(*right);
                   }
                 });
    return pairs;
  }

  Numbers rightsOfGroups() {
    if (hasColumns("grouppermission", {"UserGroupNum", "PermType"})) {
      return readPairs("grouppermission", "UserGroupNum", "PermType");
    }
    warn("table grouppermission is not there or may not be read: nobody has rights");
    return {};
  }

  static void give(User& user, const Numbers& rights, std::uint64_t group) {
    const auto found = rights.find(group);
    if (found == rights.end()) return;
    user.is_security_admin |= found->second.contains(kSecurityAdmin);
    user.has_backup_right |= found->second.contains(kBackup);
  }

  Connection& connection_;
  Users result_;
  std::size_t unusable_rows_ = 0;
};

}  // namespace

const User* Users::find(std::string_view name) const {
  const std::string wanted = upperCase(trimmed(name));
  if (wanted.empty()) return nullptr;
  const auto found = std::find_if(users.begin(), users.end(), [&](const User& user) {
    return !user.hidden && upperCase(trimmed(user.name)) == wanted;
  });
  return found == users.end() ? nullptr : &*found;
}

std::vector<const User*> Users::administratorsWithoutPassword() const {
  std::vector<const User*> found;
  for (const User& user : users) {
    if (user.is_security_admin && !user.hidden && user.password.kind == PasswordKind::kNone) {
      found.push_back(&user);
    }
  }
  return found;
}

Users readUsers(Connection& connection) {
  return Reader(connection).read();
}

}  // namespace enamel::opendental
