#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace enamel {

// Who may try to sign in now: after 5 failures, 5 minutes of rest (Open Dental's own rule), counted for each
// user name and for each client address. It stands in base because it knows nothing of whose password is
// tried: Open Dental's users, a local administrator and the vault's console share it.
//
// An attempt counts as failed from its beginning until succeeded() or abandoned() says otherwise, so that a
// hundred at once cannot slip through between looking and counting. Counts are forgotten a `rest` after the
// last failure. They are in memory only: a restart forgets them.
//
// Memory is bounded whatever names and addresses come in. Where all places are taken, the key with the fewest
// failures makes room, the oldest of these first, but never one that is locked: whoever wants a count
// forgotten must fill all places first. Where every place is held by a lock, keys that are not known have to
// wait, too.
//
// Thread-safe. Time is passed in, and must not be that of a clock which people set.
class Lockout {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Options {
    unsigned failures_max = 5;
    std::chrono::seconds rest = std::chrono::minutes(5);
    // Names remembered, and as many addresses; each takes less than 400 bytes.
    std::size_t keys_max = 4096;
  };
  Lockout();
  // Every member of options is at least 1.
  explicit Lockout(const Options& options);

  // From now on these count, also for failures there were. Both are at least 1.
  void setRules(unsigned failures_max, std::chrono::seconds rest);

  // Begins an attempt. nullopt: go ahead, and tell how it went. Else nothing was counted, and it is the time
  // before which the same attempt is refused again. user: as typed; case and spaces around it make no
  // difference, and of a longer name only the first 256 bytes count. address: the client's, as text without a
  // port; an IPv6 address counts as its network (the first 64 bits), because whoever has one has all of it.
  std::optional<Time> begin(std::string_view user, std::string_view address, Time now);

  // The password was right: forgets the user's failures. The address keeps its other ones, so that whoever
  // has an account cannot go on trying those of others.
  void succeeded(std::string_view user, std::string_view address);

  // The attempt came to no answer (the database was not reachable, say), and counts as none.
  void abandoned(std::string_view user, std::string_view address);

  // Names and addresses that are remembered, together.
  std::size_t size() const;

 private:
  // Failures of one kind of key. Not thread-safe.
  class Tally {
   public:
    explicit Tally(const Options& options) : options_(options) {}
    std::optional<Time> lockedUntil(const std::string& key, Time now) const;
    void add(const std::string& key, Time now);
    void takeBack(const std::string& key);
    void forget(const std::string& key) { failures_.erase(key); }
    std::size_t size() const { return failures_.size(); }
    void setRules(unsigned failures_max, std::chrono::seconds rest) {
      options_.failures_max = failures_max;
      options_.rest = rest;
    }

   private:
    struct Failures {
      unsigned count = 0;
      Time last;
    };
    bool isOver(const Failures& failures, Time now) const { return now - failures.last >= options_.rest; }
    bool isLocked(const Failures& failures, Time now) const;
    void makeRoom(Time now);

    Options options_;
    std::unordered_map<std::string, Failures> failures_;
  };

  mutable std::mutex mutex_;
  Tally users_;      // guarded by mutex_
  Tally addresses_;  // guarded by mutex_
};

}  // namespace enamel
