#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "mariadb/url.h"

namespace enamel::mariadb {

// `name` in backticks, backticks inside doubled: the only way a name gets into SQL.
std::string quoteName(std::string_view name);
// 'value' with quotes, backslashes and NUL escaped for a server whose sql_mode lacks NO_BACKSLASH_ESCAPES
// (each Connection makes sure of that) and whose connection character set is utf8mb4 or binary.
std::string quoteValue(std::string_view value);

// One value of a row: NULL or bytes, valid until the next row.
struct Field {
  const char* data = nullptr;  // nullptr: NULL
  std::size_t size = 0;
  bool isNull() const { return data == nullptr; }
  std::string_view text() const { return {data, size}; }
};
using Row = std::vector<Field>;

// A whole small result in memory.
using StoredRow = std::vector<std::optional<std::string>>;

// One client connection. Every session starts with sql_mode = '' (old rows hold zero dates), character set
// utf8mb4, no reconnect. Not thread-safe: one thread at a time; kill() may come from another. Errors:
// Error(kDatabaseUnreachable) when the server cannot be reached or went away, kDatabaseDenied for missing
// rights or a wrong password, kDatabaseBusy for a lock wait or statement that timed out, kNotFound for a
// missing database or table, kDatabase otherwise; the text names the server, the error number and the
// statement's first words, no values.
class Connection {
 public:
  struct Options {
    unsigned connect_timeout_s = 10;
    unsigned read_timeout_s = 0;              // 0: none: a long REPAIR says nothing for minutes
    bool use_database = true;                 // select address.database
    std::size_t packet_bytes_max = 1U << 30;  // rows of 64 MiB must pass
  };
  explicit Connection(const Address& address);
  Connection(const Address& address, const Options& options);
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  // Runs a statement whose result does not matter; returns the number of affected rows.
  std::uint64_t execute(std::string_view sql);
  // The same, but waits at most so long (max_statement_time where the server has it); kDatabaseBusy when it
  // is over.
  std::uint64_t executeWithin(std::string_view sql, double seconds);

  // The whole result; for small results.
  std::vector<StoredRow> query(std::string_view sql);
  // First column of the first row; nullopt if there is no row or it is NULL.
  std::optional<std::string> queryValue(std::string_view sql);
  // Streams rows without holding the result; the callback may throw, the rest is then discarded.
  void stream(std::string_view sql, const std::function<void(const Row&)>& on_row);

  // Runs LOAD DATA LOCAL INFILE; the server asks for the file's bytes and read(buffer) fills it, returning
  // the count, 0 at the end. The file name in sql is ignored; outside this call every request for a local
  // file is refused (a hostile server can ask at any time).
  std::uint64_t loadData(std::string_view sql, const std::function<std::size_t(MutableByteView)>& read);

  // Last error number of the server of the last failed call on this connection (ER_...), 0 if none.
  unsigned lastErrorNumber() const;
  std::uint64_t warningCount() const;
  std::uint64_t lastInsertId() const;
  std::uint64_t threadId() const;
  // "10.11.6-MariaDB".
  std::string serverVersion() const;
  const Address& address() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace enamel::mariadb
