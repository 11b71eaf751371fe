#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "service/principal.h"
#include "service/sqlite.h"

namespace enamel::service {

// A token with which a script signs in, as the list shows it.
struct ApiToken {
  std::int64_t id = 0;
  std::string name;  // "nightly report"
  bool may_administer = false;
  std::string created_by;
  Timestamp created;
  std::optional<Timestamp> last_used;  // to the hour
};

// The tokens of scripts, in the table api_tokens of the state: only their hashes, so who reads the state can
// use none. Every change is durable when its function returns. Thread-safe; throws what Database throws.
class ApiTokens {
 public:
  static constexpr std::string_view kPrefix = "enamel_";  // so that a leaked one is recognised
  static constexpr std::size_t kNameBytesMax = 100;
  static constexpr std::size_t kTokensMax = 1000;

  // REQUIRES: migrated; both outlive it.
  explicit ApiTokens(Database& database, const Clock& clock = Clock::system())
      : database_(database), clock_(clock) {}

  struct Created {
    ApiToken token;
    std::string secret;  // shown once, never stored
  };
  // Throws kUsage for a name that is empty, too long or not printable, kExists for one that is taken, kLimit
  // past kTokensMax.
  Created create(const std::string& name, bool may_administer, const std::string& created_by);

  // Whose token that is; nullopt if nobody's.
  std::optional<Principal> find(std::string_view secret);
  std::vector<ApiToken> list() const;
  // The token that was there; nullopt if none has that id.
  std::optional<ApiToken> remove(std::int64_t id);

 private:
  void noteUse(std::int64_t id, Timestamp now);

  Database& database_;
  const Clock& clock_;
};

}  // namespace enamel::service
