#include "sample/front_desk.h"

#include <fmt/format.h>

#include <atomic>
#include <cmath>
#include <condition_variable>
#include <ctime>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "base/error.h"
#include "base/threads.h"
#include "opendental/audit_hash.h"
#include "sample/random.h"

namespace enamel::sample {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kPaymentPermission = 16;

std::uint64_t count(mariadb::Connection& connection, const std::string& sql) {
  return std::stoull(connection.queryValue(sql).value_or("0"));
}

std::string localTime() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts)};
}

}  // namespace

// Shared by the clients.
struct FrontDesk::State {
  mariadb::Address address;
  Options options;
  std::uint64_t patients = 0, appointments = 0;
  Clock::time_point opened = Clock::now();

  mutable std::mutex mutex;
  std::condition_variable closing;
  bool closed = false;              // guarded by mutex
  std::vector<Wait> waits;          // guarded by mutex
  std::vector<std::string> errors;  // guarded by mutex
  std::vector<std::thread> clients;

  std::uint64_t micros() const {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - opened).count());
  }
  bool isClosed() const {
    const std::lock_guard lock(mutex);
    return closed;
  }
  void close();
  void stop();
  void work(std::int64_t client, mariadb::Connection connection);
};

namespace {

// One person at the desk.
class Client {
 public:
  Client(std::int64_t number, mariadb::Connection& connection, std::uint64_t seed)
      : user_(kFirstClient + number),
        connection_(connection),
        random_(seed, 1, static_cast<std::uint64_t>(number)) {}

  // Rows an earlier front desk left half done (it was killed) are completed, so that counts stay in order.
  template <class Statement>
  void begin(bool with_hashes, const Statement& statement) {
    round_ = count(connection_, fmt::format("SELECT COUNT(*) FROM payment WHERE SecUserNumEntry={}", user_));
    if (round_ == 0) return;
    const auto splits =
        count(connection_, fmt::format("SELECT COUNT(*) FROM paysplit WHERE SecUserNumEntry={}", user_));
    const auto logs =
        count(connection_, fmt::format("SELECT COUNT(*) FROM securitylog WHERE UserNum={}", user_));
    payment_ =
        count(connection_, fmt::format("SELECT MAX(PayNum) FROM payment WHERE SecUserNumEntry={}", user_));
    patient_ = count(connection_, fmt::format("SELECT PatNum FROM payment WHERE PayNum={}", payment_));
    if (splits < round_) split(statement);
    if (logs < round_) log(with_hashes, statement);
  }

  template <class Statement>
  void round(std::uint64_t patients, std::uint64_t appointments, bool with_hashes,
             const Statement& statement) {
    ++round_;
    patient_ = 1 + random_.below(patients);
    cents_ = random_.between(1000, 50000);
    statement(
        fmt::format("INSERT INTO payment (PayType,PayDate,PayAmt,CheckNum,PayNote,IsSplit,PatNum,DateEntry,"
                    "Receipt,SecUserNumEntry,ExternalId) VALUES (69,CURDATE(),{}.{:02d},'{}','front desk',1,"
                    "{},CURDATE(),'',{},'')",
                    cents_ / 100, cents_ % 100, round_, patient_, user_));
    payment_ = connection_.lastInsertId();
    split(statement);
    log(with_hashes, statement);
    statement(
        fmt::format("UPDATE appointment SET AptStatus=1,DateTimeArrived=NOW(),"
                    "Note=CONCAT(IFNULL(Note,''),' Checked in, paid ${}.{:02d}.') WHERE AptNum={}",
                    cents_ / 100, cents_ % 100, 1 + random_.below(appointments)));
  }

  Random& random() { return random_; }

 private:
  template <class Statement>
  void split(const Statement& statement) {
    statement(fmt::format(
        "INSERT INTO paysplit (SplitAmt,PatNum,ProcDate,PayNum,ProvNum,DatePay,DateEntry,"
        "SecUserNumEntry,FSplitNum) VALUES ({}.{:02d},{},CURDATE(),{},{},CURDATE(),CURDATE(),{},{})",
        cents_ / 100, cents_ % 100, patient_, payment_, random_.between(1, 8), user_, round_));
  }

  template <class Statement>
  void log(bool with_hashes, const Statement& statement) {
    const std::string time = localTime();
    const std::string text = fmt::format("Payment {} of ${}.{:02d}", round_, cents_ / 100, cents_ % 100);
    statement(
        fmt::format("INSERT INTO securitylog (PermType,UserNum,LogDateTime,LogText,PatNum,CompName,FKey) "
                    "VALUES ({},{},'{}','{}',{},'FRONTDESK{}',{})",
                    kPaymentPermission, user_, time, text, patient_, user_ - kFirstClient, round_));
    if (!with_hashes) return;
    const std::string hash =
        opendental::auditHash(fmt::format("{}{}{}{}{}", kPaymentPermission, user_, time, text, patient_));
    statement(fmt::format("INSERT INTO securityloghash (SecurityLogNum,LogHash) VALUES ({},'{}')",
                          connection_.lastInsertId(), hash));
  }

  std::int64_t user_;
  mariadb::Connection& connection_;
  Random random_;
  std::uint64_t round_ = 0, patient_ = 1, payment_ = 0;
  std::int64_t cents_ = 2500;
};

}  // namespace

void FrontDesk::State::work(std::int64_t number, mariadb::Connection connection) {
  try {
    Client client(number, connection, options.seed);
    const auto statement = [&](const std::string& sql) {
      // Thinking ends early when the desk closes, the round does not.
      const double pause_ms = -options.think_ms * std::log(1 - client.random().unit());
      {
        std::unique_lock lock(mutex);
        closing.wait_for(lock, std::chrono::duration<double, std::milli>(pause_ms), [&] { return closed; });
      }
      const std::uint64_t begun = micros();
      connection.execute(sql);
      const std::uint64_t answered = micros();
      const std::lock_guard lock(mutex);
      waits.push_back(
          {answered, static_cast<std::uint32_t>(std::min<std::uint64_t>(answered - begun, UINT32_MAX))});
    };
    client.begin(options.write_hashes, statement);
    while (!isClosed()) client.round(patients, appointments, options.write_hashes, statement);
  } catch (const std::exception& error) {
    const std::lock_guard lock(mutex);
    errors.emplace_back(error.what());
  }
}

void FrontDesk::State::close() {
  {
    const std::lock_guard lock(mutex);
    closed = true;
  }
  closing.notify_all();
}

void FrontDesk::State::stop() {
  close();
  for (std::thread& client : clients) client.join();
  clients.clear();
}

FrontDesk::FrontDesk(const mariadb::Address& address, const Options& options)
    : state_(std::make_unique<State>()) {
  if (options.clients == 0) throw Error(ErrorCode::kUsage, "a front desk needs at least one client");
  state_->address = address;
  state_->options = options;
  mariadb::Connection connection(address);
  state_->patients = count(connection, "SELECT MAX(PatNum) FROM patient");
  state_->appointments = count(connection, "SELECT MAX(AptNum) FROM appointment");
  if (state_->patients == 0 || state_->appointments == 0) {
    throw Error(ErrorCode::kNotFound, address.display() + " has no patients or no appointments",
                "use a sample practice: enamel sample create");
  }
  std::vector<mariadb::Connection> connections;
  for (std::size_t i = 0; i < options.clients; ++i) connections.emplace_back(address);
  state_->opened = Clock::now();
  State& state = *state_;
  const auto clients = std::make_shared<std::vector<mariadb::Connection>>(std::move(connections));
  state_->clients = startThreads(
      options.clients,
      [&state, clients](std::size_t i) {
        state.work(static_cast<std::int64_t>(i), std::move((*clients)[i]));
      },
      [&state] { state.close(); });
}

FrontDesk::~FrontDesk() {
  state_->stop();
}

std::uint64_t FrontDesk::now() const {
  return state_->micros();
}

std::vector<Wait> FrontDesk::waits() const {
  const std::lock_guard lock(state_->mutex);
  return state_->waits;
}

FrontDeskStats FrontDesk::stats(std::uint64_t begin_us, std::uint64_t end_us) const {
  return summarise(waits(), begin_us, end_us);
}

std::vector<std::string> FrontDesk::errors() const {
  const std::lock_guard lock(state_->mutex);
  return state_->errors;
}

void FrontDesk::stop() {
  state_->stop();
}

std::vector<ClientCounts> frontDeskCounts(mariadb::Connection& connection) {
  std::map<std::int64_t, ClientCounts> clients;
  const auto read = [&](const char* table, const char* column, std::uint64_t ClientCounts::*member) {
    const std::string sql =
        fmt::format("SELECT {0}, COUNT(*) FROM {1} WHERE {0}>={2} GROUP BY {0}", column, table, kFirstClient);
    for (const mariadb::StoredRow& row : connection.query(sql)) {
      clients[std::stoll(row[0].value())].*member = std::stoull(row[1].value());
    }
  };
  read("payment", "SecUserNumEntry", &ClientCounts::payments);
  read("paysplit", "SecUserNumEntry", &ClientCounts::splits);
  read("securitylog", "UserNum", &ClientCounts::logs);
  std::vector<ClientCounts> counts;
  for (auto& [client, found] : clients) {
    found.client = client - kFirstClient;
    counts.push_back(found);
  }
  return counts;
}

}  // namespace enamel::sample
