#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "mariadb/connection.h"
#include "mariadb/url.h"

namespace enamel::sample {

// What a client writes carries its user number kFirstClient + client and one running number n, from 1:
//   payment      SecUserNumEntry, CheckNum = n
//   paysplit     SecUserNumEntry, FSplitNum = n, PayNum
//   securitylog  UserNum, FKey = n, and its securityloghash
// always in this order, one after the other has been answered. So at every instant, and in every consistent
// copy, a client's payments >= splits >= log rows, and payments <= log rows + 1.
constexpr std::int64_t kFirstClient = 100000;

struct ClientCounts {
  std::int64_t client = 0;
  std::uint64_t payments = 0, splits = 0, logs = 0;

  bool inOrder() const { return payments >= splits && splits >= logs && payments <= logs + 1; }
};

// The counts of every client that ever wrote to that database.
std::vector<ClientCounts> frontDeskCounts(mariadb::Connection& connection);

// One statement: when it was answered (since the front desk opened) and how long that took.
struct Wait {
  std::uint64_t answered_us = 0;
  std::uint32_t wait_us = 0;
};

struct FrontDeskStats {
  std::uint64_t statements = 0;
  double seconds = 0;  // of the time looked at
  double p50_ms = 0, p99_ms = 0, p999_ms = 0, max_ms = 0;
  double longest_gap_ms = 0;  // the longest time in which no statement was answered to anybody

  double perSecond() const { return seconds > 0 ? static_cast<double>(statements) / seconds : 0; }
};

// Exact figures of `waits`, in any order, for the time from begin_us to end_us: statements answered or
// begun in it.
FrontDeskStats summarise(std::vector<Wait> waits, std::uint64_t begin_us, std::uint64_t end_us);

// N clients at work in a sample practice, each on a connection of its own, with pauses between statements:
// check a patient in, take a payment, split it, write the audit log. Thread-safe but for stop().
class FrontDesk {
 public:
  struct Options {
    std::size_t clients = 8;
    double think_ms = 20;  // the mean pause before each statement
    std::uint64_t seed = 1;
    bool write_hashes = true;  // securityloghash, as Open Dental does
  };
  // Begins work. Throws if the database cannot be reached or is not a practice.
  FrontDesk(const mariadb::Address& address, const Options& options);
  ~FrontDesk();
  FrontDesk(const FrontDesk&) = delete;
  FrontDesk& operator=(const FrontDesk&) = delete;

  // Microseconds since it opened: the clock of Wait and stats().
  std::uint64_t now() const;
  FrontDeskStats stats(std::uint64_t begin_us, std::uint64_t end_us) const;
  // Everything so far.
  FrontDeskStats stats() const { return stats(0, now()); }
  std::vector<Wait> waits() const;
  // A client that met an error went home; what it was. Empty if all are well.
  std::vector<std::string> errors() const;
  // Every client finishes its round and goes home.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// As one JSON object, and for people.
std::string statsJson(const FrontDeskStats& stats, std::size_t clients,
                      const std::vector<std::string>& errors);
std::string statsText(const FrontDeskStats& stats, std::size_t clients,
                      const std::vector<std::string>& errors);

}  // namespace enamel::sample
