#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/lockout.h"
#include "opendental/users.h"
#include "service/administrator.h"
#include "service/principal.h"
#include "service/settings.h"

namespace enamel::service {

enum class SignInOutcome {
  kSignedIn,
  kWrong,         // user or password; no answer says which, nor that a user is hidden or has no password
  kLocked,        // too many failures; nothing was looked at
  kNoRight,       // the password is right, the user has neither Backup nor SecurityAdmin
  kDatabaseGone,  // Open Dental's users cannot be asked, and it is not the local administrator
};

struct SignInResult {
  SignInOutcome outcome = SignInOutcome::kWrong;
  Principal principal;                  // of kSignedIn; of kNoRight: who
  std::chrono::seconds retry_after{0};  // of kLocked
  std::string why;                      // of kDatabaseGone, for the log; no secret
  // The name as the account has it, empty if there is none of that name: what was typed may be a password in
  // the wrong field.
  std::string account_name;
};

// Who may sign in: the users of Open Dental, with its rights, and the local administrator. Thread-safe.
class SignIn {
 public:
  using Time = Lockout::Time;
  // Reads the users of Open Dental's database. Throws Error where it cannot.
  using UserSource = std::function<opendental::Users()>;

  // Gets one line for a local administrator's file that cannot be used; others sign in all the same.
  using Log = std::function<void(std::string_view)>;

  // settings outlive it; [sign_in] is looked at anew at each attempt.
  SignIn(const Settings& settings, UserSource users, Administrator administrator, Log log);

  // client: its address, without port; of this computer's own, only names are counted. The password is not
  // kept, and in no text.
  SignInResult attempt(const std::string& name, ByteView password, const std::string& client, Time now);

 private:
  SignInResult decide(const Config::SignIn& rules, const std::string& name, ByteView password);
  bool isAdministrator(const std::string& name) const;
  std::optional<Principal> administrator(const std::string& name, ByteView password);

  const Settings& settings_;
  const UserSource users_;
  const Administrator administrator_;
  const Log log_;
  Lockout lockout_;
  std::mutex one_hash_;  // Argon2 takes 64 MiB: one at a time
};

}  // namespace enamel::service
