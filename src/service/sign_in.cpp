#include "service/sign_in.h"

#include <utility>

#include "base/error.h"
#include "base/letter_case.h"
#include "base/printable.h"

namespace enamel::service {

SignIn::SignIn(const Settings& settings, UserSource users, Administrator administrator, Log log)
    : settings_(settings),
      users_(std::move(users)),
      administrator_(std::move(administrator)),
      log_(std::move(log)) {}

SignInResult SignIn::attempt(const std::string& name, ByteView password, const std::string& client,
                             Time now) {
  const Config::SignIn rules = settings_.current()->sign_in;
  lockout_.setRules(rules.failures_max, std::chrono::minutes(rules.lock_minutes));
  // Everybody at this computer, or behind a proxy on it, has one address: only names are counted there, or
  // one person's wrong passwords would keep all others out.
  const bool is_local = client.rfind("127.", 0) == 0 || client == "::1";
  const std::string address = is_local ? client + " " + upperCase(name) : client;
  if (const auto until = lockout_.begin(name, address, now)) {
    const auto rest = std::chrono::ceil<std::chrono::seconds>(*until - now);
    SignInResult locked;
    locked.outcome = SignInOutcome::kLocked;
    locked.retry_after = rest;
    return locked;
  }
  SignInResult result;
  try {
    result = decide(rules, name, password);
  } catch (...) {
    lockout_.abandoned(name, address);
    throw;
  }
  switch (result.outcome) {
    case SignInOutcome::kSignedIn:
    case SignInOutcome::kNoRight:
      lockout_.succeeded(name, address);
      break;
    case SignInOutcome::kDatabaseGone:
      // Nobody said that the password was wrong; but the administrator's is tried all the same, and whoever
      // guesses at it is to be stopped.
      if (result.account_name.empty()) lockout_.abandoned(name, address);
      break;
    case SignInOutcome::kWrong:
    case SignInOutcome::kLocked:
      break;
  }
  return result;
}

SignInResult SignIn::decide(const Config::SignIn& rules, const std::string& name, ByteView password) {
  SignInResult result;
  const bool administrator_may = rules.local_administrator;
  if (auto principal = administrator_may ? administrator(name, password) : std::nullopt) {
    result.outcome = SignInOutcome::kSignedIn;
    result.account_name = principal->name;
    result.principal = std::move(*principal);
    return result;
  }
  if (administrator_may && isAdministrator(name)) result.account_name = name;
  if (!rules.open_dental) return result;
  opendental::Users users;
  try {
    users = users_();
  } catch (const Error& error) {
    result.outcome = SignInOutcome::kDatabaseGone;
    result.why = error.what();
    return result;
  }
  const opendental::User* const user = users.find(name);
  if (user == nullptr) return result;
  result.account_name = printable(user->name);
  if (!opendental::passwordMatches(user->password, password)) return result;
  result.outcome = user->mayBackUpAndRestore() ? SignInOutcome::kSignedIn : SignInOutcome::kNoRight;
  result.principal = {.name = result.account_name,
                      .account = "open_dental",
                      .may_back_up = user->mayBackUpAndRestore(),
                      .may_administer = user->mayDoEverything()};
  return result;
}

bool SignIn::isAdministrator(const std::string& name) const {
  try {
    return administrator_.isNamed(name);
  } catch (const Error&) {
    return false;  // administrator() says what is wrong with it
  }
}

std::optional<Principal> SignIn::administrator(const std::string& name, ByteView password) {
  if (!administrator_.isSet()) return std::nullopt;
  std::string found;
  try {
    const std::lock_guard lock(one_hash_);
    found = administrator_.verify(name, password);
  } catch (const Error& error) {
    log_(std::string("the local administrator cannot sign in: ") + error.what());
  }
  if (found.empty()) return std::nullopt;
  return Principal{.name = found, .account = "local", .may_back_up = true, .may_administer = true};
}

}  // namespace enamel::service
