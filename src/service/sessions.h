#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "hash/sha256.h"
#include "service/principal.h"

namespace enamel::service {

// Who is signed in on the page. In memory only: a restart of the service signs everybody out. Of a session's
// secret only the hash is kept, so that what can be read of this memory opens no session. Thread-safe; time
// is passed in and is not that of a clock which people set.
class Sessions {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Options {
    std::chrono::seconds lifetime = std::chrono::hours(12);  // from the sign-in on, whatever is done
    std::chrono::seconds idle = std::chrono::minutes(60);    // between two requests
    // Past these the least recently used one ends: of the same person, of all.
    std::size_t per_person_max = 20;
    std::size_t all_max = 1000;
  };
  explicit Sessions(const Options& options) : options_(options) {}

  // From now on these hold, also for who is signed in already.
  void setTimes(std::chrono::seconds lifetime, std::chrono::seconds idle);

  // What a browser must know: the secret in a cookie that scripts cannot read, the CSRF token in the page.
  struct Created {
    std::string secret;
    std::string csrf;
  };
  Created create(const Principal& principal, Time now);

  struct Session {
    Principal principal;
    std::string csrf;
  };
  // The session of that secret, whose idle time begins anew; nullopt if there is none, or it is over.
  std::optional<Session> use(std::string_view secret, Time now);

  void end(std::string_view secret);
  // All sessions of one person; returns how many there were.
  std::size_t endAllOf(const Principal& principal, Time now);

  std::size_t count(Time now) const;

 private:
  struct Entry {
    Session session;
    Time created, used;
  };
  using Entries = std::map<Sha256, Entry>;

  bool isOver(const Entry& entry, Time now) const;
  void removeOver(Time now);
  void makeRoom(const Principal& principal);

  mutable std::mutex mutex_;
  Options options_;  // guarded by mutex_
  Entries entries_;  // guarded by mutex_; by the hash of the secret
};

}  // namespace enamel::service
