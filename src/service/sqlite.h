#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.h"

struct sqlite3;
struct sqlite3_stmt;

namespace enamel::service {

// What is bound to a ? of a statement: NULL, INTEGER, TEXT or BLOB. Text is stored as its bytes are, NUL
// among them.
using Value = std::variant<std::monostate, std::int64_t, std::string, Bytes>;

// A Value of something that may not be there.
template <class T>
Value valueOrNull(const std::optional<T>& value) {
  return value ? Value(*value) : Value();
}

// The row a query stands on; valid only while the function it was given to runs. A column of another type
// than the one asked for throws kCorrupt: our tables are STRICT, so somebody else wrote it.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}
  std::int64_t integer(int column) const;
  std::string text(int column) const;
  Bytes blob(int column) const;
  bool isNull(int column) const;
  // nullopt where the column is NULL.
  std::optional<std::int64_t> integerIfAny(int column) const;
  std::optional<std::string> textIfAny(int column) const;

 private:
  void require(int column, int type) const;

  sqlite3_stmt* statement_;
};

// One connection to one SQLite file (https://sqlite.org), for data that must not be lost: write-ahead log,
// and every commit on the disk before it returns (synchronous=FULL).
//
// Thread-safe: one connection behind one lock, which a transaction holds from its begin to its end. State is
// small and its statements are short; a second connection would buy nothing but SQLITE_BUSY.
//
// Every failure is an Error that names the file: kNoSpace, kPermission, kIo, kCorrupt (damaged, or no
// database), kExists (a UNIQUE rule), kPermission (a trigger that forbids it), kLimit (too large), kInternal
// (our own SQL). Texts of errors hold SQL at most, never a bound value.
class Database {
 public:
  // Marks a file as one of Enamel's state: "Enam", SQLite's application_id.
  static constexpr std::int32_t kApplicationId = 0x456E616D;

  // Opens the file, made with mode 0600 if it is not there. A file that holds something and is not ours is
  // refused (kUnsupported; kCorrupt if it is no SQLite file or a damaged one) and left as it is. Throws
  // kUnsupported too where the file system cannot hold a write-ahead log (network folders).
  explicit Database(const std::filesystem::path& path);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // One statement; values are bound to its ? in order. REQUIRES: as many as there are; it returns no rows.
  void execute(std::string_view sql, std::initializer_list<Value> values = {});

  // One statement; calls each_row for every row. What each_row throws ends the query and goes to the caller.
  void query(std::string_view sql, std::initializer_list<Value> values,
             const std::function<void(const Row&)>& each_row);

  // The integer in the first column of the first row; nullopt if there is no row or it is NULL.
  std::optional<std::int64_t> integer(std::string_view sql, std::initializer_list<Value> values = {});

  // Several statements without values, for definitions.
  void executeScript(std::string_view sql);

  // Runs body between BEGIN IMMEDIATE and COMMIT. Whatever body or the commit throws rolls everything back
  // and goes to the caller. Other threads wait. REQUIRES: no transaction of this thread is open.
  void transaction(const std::function<void()>& body);
  // Of this thread.
  bool inTransaction() const;

  // Of the last INSERT that succeeded. REQUIRES: called inside the transaction that inserted.
  std::int64_t lastInsertId() const;
  // Rows changed by the last statement. REQUIRES: called inside its transaction.
  std::int64_t changes() const;

  const std::filesystem::path& path() const { return path_; }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;

  void harden();
  void claim();
  void makeDurable();
  Prepared take(std::string_view sql);
  void giveBack(std::string_view sql, Prepared statement);
  void bind(sqlite3_stmt* statement, std::initializer_list<Value> values);
  void check(int result) const;
  [[noreturn]] void fail(int result) const;

  const std::filesystem::path path_;
  mutable std::recursive_mutex mutex_;  // guards all below
  sqlite3* connection_ = nullptr;
  bool in_transaction_ = false;
  // Statements that are not in use. Their texts are constants of this library, so there are few.
  std::map<std::string, Prepared, std::less<>> prepared_;
};

}  // namespace enamel::service
