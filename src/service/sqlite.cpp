#include "service/sqlite.h"

#include <fcntl.h>
#include <sqlite3.h>

#include <cerrno>
#include <memory>
#include <new>
#include <utility>

#include "base/error.h"
#include "base/fd.h"

namespace enamel::service {
namespace {

constexpr int kBusyTimeoutMs = 10'000;
// Results and reports are far below; it bounds what a damaged file can make us allocate.
constexpr int kValueBytesMax = 64 << 20;

ErrorCode codeOf(int result) {
  switch (result) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
      return ErrorCode::kExists;
    case SQLITE_CONSTRAINT_TRIGGER:
      return ErrorCode::kPermission;
  }
  switch (result & 0xFF) {
    case SQLITE_FULL:
      return ErrorCode::kNoSpace;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
      return ErrorCode::kPermission;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::kCorrupt;
    case SQLITE_TOOBIG:
      return ErrorCode::kLimit;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return ErrorCode::kIo;
    default:
      return ErrorCode::kInternal;
  }
}

std::string hintOf(int result) {
  switch (result & 0xFF) {
    case SQLITE_FULL:
      return "free some space on that disk, then try again";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "move the file aside and keep it; the service then starts with an empty state, and the backups "
             "in "
             "the repository are not touched by that";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program has the file open; close it";
    default:
      return {};
  }
}

}  // namespace

std::int64_t Row::integer(int column) const {
  require(column, SQLITE_INTEGER);
  return sqlite3_column_int64(statement_, column);
}

std::string Row::text(int column) const {
  require(column, SQLITE_TEXT);
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (text == nullptr) throw std::bad_alloc();
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Bytes Row::blob(int column) const {
  require(column, SQLITE_BLOB);
  const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return size == 0 ? Bytes() : Bytes(bytes, bytes + size);
}

bool Row::isNull(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::optional<std::int64_t> Row::integerIfAny(int column) const {
  return isNull(column) ? std::nullopt : std::optional(integer(column));
}

std::optional<std::string> Row::textIfAny(int column) const {
  return isNull(column) ? std::nullopt : std::optional(text(column));
}

void Row::require(int column, int type) const {
  ENAMEL_CHECK(column >= 0 && column < sqlite3_column_count(statement_));
  if (sqlite3_column_type(statement_, column) == type) return;
  throw Error(ErrorCode::kCorrupt, std::string("the state's column ") +
                                       sqlite3_column_name(statement_, column) +
                                       " holds a value of a wrong type");
}

void Database::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Database::Database(const std::filesystem::path& path) : path_(path) {
  // SQLite would make it with the umask's mode; the files beside it (-wal, -shm) take over the mode of this
  // one.
  if (!std::filesystem::exists(std::filesystem::symlink_status(path)))
    openFile(path.string(), O_RDWR | O_CREAT | O_EXCL, 0600);
  const int result =
      sqlite3_open_v2(path.c_str(), &connection_,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  try {
    check(result);
    harden();
    claim();
    makeDurable();
  } catch (...) {
    prepared_.clear();
    sqlite3_close_v2(connection_);
    throw;
  }
}

Database::~Database() {
  prepared_.clear();
  sqlite3_close_v2(connection_);
}

void Database::harden() {
  check(sqlite3_busy_timeout(connection_, kBusyTimeoutMs));
  sqlite3_limit(connection_, SQLITE_LIMIT_LENGTH, kValueBytesMax);
  sqlite3_limit(connection_, SQLITE_LIMIT_ATTACHED, 0);
  // A file that somebody prepared must not make us run what its schema says, nor may our own SQL by mistake
  // write to it past the tables.
  for (const int option : {SQLITE_DBCONFIG_DEFENSIVE, SQLITE_DBCONFIG_ENABLE_TRIGGER})
    check(sqlite3_db_config(connection_, option, 1, nullptr));
  for (const int option : {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL})
    check(sqlite3_db_config(connection_, option, 0, nullptr));
  executeScript("PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY");
}

void Database::claim() {
  const auto id = integer("PRAGMA application_id");
  if (id == kApplicationId) return;
  if (id != 0 || integer("PRAGMA user_version") != 0 || integer("SELECT count(*) FROM sqlite_schema") != 0)
    throw Error(ErrorCode::kUnsupported, path_.string() + " is a database of another program",
                "move it elsewhere, or choose another folder for Enamel's state");
  executeScript("PRAGMA application_id=" + std::to_string(kApplicationId));
}

void Database::makeDurable() {
  std::string mode;
  query("PRAGMA journal_mode=WAL", {}, [&](const Row& row) { mode = row.text(0); });
  if (mode != "wal")
    throw Error(ErrorCode::kUnsupported,
                path_.string() + ": this file system cannot hold the state (journal mode " + mode + ")",
                "keep the state folder on a disk of this computer, not in a network folder");
  executeScript("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON");
}

void Database::execute(std::string_view sql, std::initializer_list<Value> values) {
  query(sql, values, [](const Row&) { ENAMEL_CHECK(!"execute() of a statement with rows"); });
}

void Database::query(std::string_view sql, std::initializer_list<Value> values,
                     const std::function<void(const Row&)>& each_row) {
  const std::lock_guard lock(mutex_);
  // Taken out of the cache while it is used: each_row may well run the same statement again.
  Prepared statement = take(sql);
  bind(statement.get(), values);
  int result = SQLITE_ROW;
  while ((result = sqlite3_step(statement.get())) == SQLITE_ROW) each_row(Row(statement.get()));
  if (result != SQLITE_DONE) fail(result);
  giveBack(sql, std::move(statement));
}

std::optional<std::int64_t> Database::integer(std::string_view sql, std::initializer_list<Value> values) {
  std::optional<std::int64_t> found;
  bool first = true;
  query(sql, values, [&](const Row& row) {
    if (std::exchange(first, false)) found = row.integerIfAny(0);
  });
  return found;
}

void Database::executeScript(std::string_view sql) {
  const std::lock_guard lock(mutex_);
  check(sqlite3_exec(connection_, std::string(sql).c_str(), nullptr, nullptr, nullptr));
}

void Database::transaction(const std::function<void()>& body) {
  const std::lock_guard lock(mutex_);
  ENAMEL_CHECK(!in_transaction_);
  execute("BEGIN IMMEDIATE");
  in_transaction_ = true;
  try {
    body();
    execute("COMMIT");
    in_transaction_ = false;
  } catch (...) {
    in_transaction_ = false;
    // Some failures (a full disk) have rolled back already. One of ROLLBACK itself adds nothing to the
    // failure that brought us here, and SQLite undoes the transaction when the file is opened next.
    if (sqlite3_get_autocommit(connection_) == 0)
      sqlite3_exec(connection_, "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
}

bool Database::inTransaction() const {
  const std::lock_guard lock(mutex_);
  return in_transaction_;
}

std::int64_t Database::lastInsertId() const {
  const std::lock_guard lock(mutex_);
  ENAMEL_CHECK(in_transaction_);
  return sqlite3_last_insert_rowid(connection_);
}

std::int64_t Database::changes() const {
  const std::lock_guard lock(mutex_);
  ENAMEL_CHECK(in_transaction_);
  return sqlite3_changes64(connection_);
}

Database::Prepared Database::take(std::string_view sql) {
  if (const auto found = prepared_.find(sql); found != prepared_.end()) {
    Prepared statement = std::move(found->second);
    prepared_.erase(found);
    return statement;
  }
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  check(sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &statement, &rest));
  Prepared prepared(statement);
  ENAMEL_CHECK(prepared != nullptr && rest == sql.data() + sql.size());  // one statement, not none or two
  return prepared;
}

void Database::giveBack(std::string_view sql, Prepared statement) {
  // What reset() reports is the failure of the step before; there was none.
  sqlite3_reset(statement.get());
  sqlite3_clear_bindings(statement.get());
  prepared_.try_emplace(std::string(sql), std::move(statement));
}

void Database::bind(sqlite3_stmt* statement, std::initializer_list<Value> values) {
  ENAMEL_CHECK(static_cast<std::size_t>(sqlite3_bind_parameter_count(statement)) == values.size());
  int index = 0;
  for (const Value& value : values) {
    ++index;
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      check(sqlite3_bind_int64(statement, index, *number));
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      check(sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8));
    } else if (const auto* blob = std::get_if<Bytes>(&value)) {
      // A null pointer would bind NULL; an empty blob is none.
      const void* data = blob->empty() ? static_cast<const void*>("") : blob->data();
      check(sqlite3_bind_blob64(statement, index, data, blob->size(), SQLITE_STATIC));
    }
  }
}

void Database::check(int result) const {
  if (result != SQLITE_OK) fail(result);
}

void Database::fail(int result) const {
  if ((result & 0xFF) == SQLITE_NOMEM || connection_ == nullptr) throw std::bad_alloc();
  std::string message = path_.string() + ": " + sqlite3_errmsg(connection_);
  const int error_number = sqlite3_system_errno(connection_);
  const int kind = result & 0xFF;
  if (error_number != 0 && (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN))
    throw systemError(message, error_number);
  throw Error(codeOf(result), std::move(message), hintOf(result));
}

}  // namespace enamel::service
