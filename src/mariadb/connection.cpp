#include "mariadb/connection.h"

#include <fmt/format.h>
#include <mysql.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <exception>
#include <mutex>
#include <utility>

#include "base/error.h"
#include "mariadb/server_error.h"

namespace enamel::mariadb {
namespace {

// Pauses of ours between two reads or writes (a slow disk, a long REPAIR) must not make the server hang up.
constexpr const char* kSessionSettings =
    "SET SESSION sql_mode='', net_read_timeout=7200, net_write_timeout=7200, wait_timeout=86400";

// No plugin that would hand the password in clear to whoever answers.
constexpr const char* kSignInMethods =
    "mysql_native_password,client_ed25519,caching_sha2_password,auth_gssapi_client";
// Over TCP caching_sha2_password encrypts the password to whatever key the server at the other end sends.
constexpr const char* kSignInMethodsOverTcp = "mysql_native_password,client_ed25519,auth_gssapi_client";

struct FreeResult {
  void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};
using Result = std::unique_ptr<MYSQL_RES, FreeResult>;

void initialiseLibrary() {
  static std::once_flag once;
  std::call_once(once, [] { mysql_server_init(0, nullptr, nullptr); });
}

// Serves one LOAD DATA LOCAL; the C library calls back into it.
struct FileSource {
  const std::function<std::size_t(MutableByteView)>* read = nullptr;  // null: every request is refused
  std::exception_ptr failure;

  static int init(void** handle, const char*, void* self) {
    *handle = self;
    return static_cast<FileSource*>(self)->read == nullptr ? 1 : 0;
  }
  static int fill(void* handle, char* buffer, unsigned size) {
    auto* self = static_cast<FileSource*>(handle);
    if (self->read == nullptr || self->failure) return -1;
    try {
      const std::size_t count = (*self->read)({reinterpret_cast<std::uint8_t*>(buffer), size});
      ENAMEL_CHECK(count <= size);
      return static_cast<int>(count);
    } catch (...) {
      self->failure = std::current_exception();
      return -1;
    }
  }
  static void end(void*) {}
  static int error(void*, char* text, unsigned size) {
    if (size > 0) std::strncpy(text, "a request for a local file was refused", size)[size - 1] = '\0';
    return 2000;
  }
};

}  // namespace

struct Connection::State {
  Address address;
  Options options;
  MYSQL* mysql = nullptr;
  FileSource source;
  unsigned last_error = 0;
  std::optional<bool> has_statement_time;

  State(const Address& a, const Options& o) : address(a), options(o) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (mysql != nullptr) mysql_close(mysql);
  }

  [[noreturn]] void fail(std::string_view statement) {
    last_error = mysql_errno(mysql);
    throw serverError(address.display(), last_error, mysql_error(mysql), statement);
  }

  void send(std::string_view sql) {
    last_error = 0;
    if (mysql_real_query(mysql, sql.data(), static_cast<unsigned long>(sql.size())) != 0) fail(sql);
  }

  void connect();
  void discardResult(std::string_view sql);
  void discardFurtherResults(std::string_view sql);  // of a CALL
  void discardRows(Result& result) noexcept;
};

void Connection::State::connect() {
  initialiseLibrary();
  mysql = mysql_init(nullptr);
  if (mysql == nullptr) throw std::bad_alloc();
  const my_bool off = 0;
  const unsigned local_files = 1;  // our handler decides
  const auto packet = static_cast<unsigned long>(options.packet_bytes_max);
  const unsigned protocol = address.socket.empty() ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET;
  mysql_optionsv(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &options.connect_timeout_s);
  if (options.read_timeout_s > 0) mysql_optionsv(mysql, MYSQL_OPT_READ_TIMEOUT, &options.read_timeout_s);
  mysql_optionsv(mysql, MYSQL_OPT_RECONNECT, &off);
  mysql_optionsv(mysql, MYSQL_OPT_LOCAL_INFILE, &local_files);
  mysql_optionsv(mysql, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet);
  mysql_optionsv(mysql, MYSQL_OPT_PROTOCOL, &protocol);
  mysql_optionsv(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  mysql_optionsv(mysql, MARIADB_OPT_RESTRICTED_AUTH,
                 address.socket.empty() ? kSignInMethodsOverTcp : kSignInMethods);
  mysql_set_local_infile_handler(mysql, FileSource::init, FileSource::fill, FileSource::end,
                                 FileSource::error, &source);
  const bool select = options.use_database && !address.database.empty();
  if (mysql_real_connect(mysql, address.host.c_str(), address.user.c_str(), address.password.c_str(),
                         select ? address.database.c_str() : nullptr, address.port,
                         address.socket.empty() ? nullptr : address.socket.c_str(), 0) == nullptr) {
    fail({});
  }
  send("SET NAMES utf8mb4");
  send(kSessionSettings);
  // A limit meant for the office's own statements must not end a backup's. Older servers know none.
  constexpr std::string_view kNoTimeLimit = "SET SESSION max_statement_time=0";
  constexpr unsigned kUnknownVariable = 1193;
  if (mysql_real_query(mysql, kNoTimeLimit.data(), kNoTimeLimit.size()) != 0 &&
      mysql_errno(mysql) != kUnknownVariable)
    fail(kNoTimeLimit);
}

void Connection::State::discardResult(std::string_view sql) {
  const Result result(mysql_use_result(mysql));
  if (!result) {
    if (mysql_field_count(mysql) != 0) fail(sql);
    return;
  }
  while (mysql_fetch_row(result.get()) != nullptr) {
  }
  if (mysql_errno(mysql) != 0) fail(sql);
}

void Connection::State::discardFurtherResults(std::string_view sql) {
  int more = 0;
  while ((more = mysql_next_result(mysql)) == 0) discardResult(sql);
  if (more > 0) fail(sql);
}

// The protocol wants every row read before the next statement; a server told to stop has few left.
void Connection::State::discardRows(Result& result) noexcept {
  bool killed = false;
  try {
    Connection other(address, {.use_database = false});
    other.execute(fmt::format("KILL QUERY {}", mysql_thread_id(mysql)));
    killed = true;
  } catch (...) {  // then the rest is read to its end, which only takes longer
  }
  result.reset();
  // Takes the kill if it came after the statement's last row.
  if (killed) static_cast<void>(mysql_query(mysql, "DO 0"));
}

Connection::Connection(const Address& address) : Connection(address, Options{}) {}

Connection::Connection(const Address& address, const Options& options)
    : state_(std::make_unique<State>(address, options)) {
  state_->connect();
}

Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

std::uint64_t Connection::execute(std::string_view sql) {
  state_->send(sql);
  const std::uint64_t affected = mysql_affected_rows(state_->mysql);
  const bool has_rows = mysql_field_count(state_->mysql) != 0;
  state_->discardResult(sql);
  state_->discardFurtherResults(sql);
  return has_rows ? 0 : affected;
}

std::uint64_t Connection::executeWithin(std::string_view sql, double seconds) {
  if (!state_->has_statement_time) {
    state_->has_statement_time = !query("SHOW VARIABLES LIKE 'max_statement_time'").empty();
  }
  // Waits for metadata locks count whole seconds; max_statement_time covers the rest of the time.
  const auto lock_wait = static_cast<std::uint64_t>(std::max(1.0, std::ceil(seconds)));
  std::string limits = fmt::format("SET SESSION lock_wait_timeout={}", lock_wait);
  std::string no_limits = "SET SESSION lock_wait_timeout=DEFAULT";
  if (*state_->has_statement_time) {
    limits += fmt::format(", max_statement_time={:.6f}", std::max(seconds, 0.001));
    no_limits += ", max_statement_time=DEFAULT";
  }
  execute(limits);
  try {
    const std::uint64_t affected = execute(sql);
    execute(no_limits);
    return affected;
  } catch (...) {
    const unsigned error = state_->last_error;
    static_cast<void>(mysql_query(state_->mysql, no_limits.c_str()));  // the first failure is the one to tell
    state_->last_error = error;
    throw;
  }
}

std::vector<StoredRow> Connection::query(std::string_view sql) {
  std::vector<StoredRow> rows;
  stream(sql, [&](const Row& row) {
    StoredRow& stored = rows.emplace_back();
    for (const Field& field : row) {
      if (field.isNull()) {
        stored.emplace_back(std::nullopt);
      } else {
        stored.emplace_back(std::string(field.text()));
      }
    }
  });
  return rows;
}

std::optional<std::string> Connection::queryValue(std::string_view sql) {
  std::optional<std::string> value;
  bool first = true;
  stream(sql, [&](const Row& row) {
    if (std::exchange(first, false) && !row.empty() && !row[0].isNull()) value = std::string(row[0].text());
  });
  return value;
}

void Connection::stream(std::string_view sql, const std::function<void(const Row&)>& on_row) {
  state_->send(sql);
  Result result(mysql_use_result(state_->mysql));
  if (!result) {
    if (mysql_field_count(state_->mysql) != 0) state_->fail(sql);
    return;
  }
  Row row(mysql_num_fields(result.get()));
  while (MYSQL_ROW values = mysql_fetch_row(result.get())) {
    const unsigned long* sizes = mysql_fetch_lengths(result.get());
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = {values[i], sizes[i]};
    try {
      on_row(row);
    } catch (...) {
      state_->discardRows(result);
      throw;
    }
  }
  if (mysql_errno(state_->mysql) != 0) state_->fail(sql);
  result.reset();
  state_->discardFurtherResults(sql);
}

std::uint64_t Connection::loadData(std::string_view sql,
                                   const std::function<std::size_t(MutableByteView)>& read) {
  state_->source.read = &read;
  state_->source.failure = nullptr;
  state_->last_error = 0;
  const bool failed =
      mysql_real_query(state_->mysql, sql.data(), static_cast<unsigned long>(sql.size())) != 0;
  state_->source.read = nullptr;
  if (state_->source.failure) {
    state_->last_error = mysql_errno(state_->mysql);
    std::rethrow_exception(std::exchange(state_->source.failure, nullptr));
  }
  if (failed) state_->fail(sql);
  const std::uint64_t affected = mysql_affected_rows(state_->mysql);
  state_->discardFurtherResults(sql);
  return affected;
}

unsigned Connection::lastErrorNumber() const {
  return state_->last_error;
}

std::uint64_t Connection::warningCount() const {
  return mysql_warning_count(state_->mysql);
}

std::uint64_t Connection::lastInsertId() const {
  return mysql_insert_id(state_->mysql);
}

std::uint64_t Connection::threadId() const {
  return mysql_thread_id(state_->mysql);
}

std::string Connection::serverVersion() const {
  return mysql_get_server_info(state_->mysql);
}

const Address& Connection::address() const {
  return state_->address;
}

}  // namespace enamel::mariadb
