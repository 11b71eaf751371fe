#include "service/sign_in.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "service/testing/test_state.h"

namespace enamel::service {
namespace {

using namespace std::chrono_literals;

constexpr const char* kAdministratorsPassword = "correct horse battery";
constexpr const char* kAddress = "192.168.1.20";

opendental::User user(const std::string& name, const std::string& password) {
  opendental::User made;
  made.name = name;
  made.password =
      opendental::parseStoredPassword(password.empty() ? "" : opendental::formatPassword("salt", password));
  return made;
}

class SignInTest : public ::testing::Test {
 protected:
  SignInTest() {
    opendental::User sarah = user("Sarah", "front desk 1");
    sarah.has_backup_right = true;
    opendental::User boss = user("Boss", "the boss");
    boss.is_security_admin = true;
    opendental::User hidden = user("Gone", "was here");
    hidden.has_backup_right = hidden.hidden = true;
    opendental::User blank = user("Blank", "");
    blank.is_security_admin = true;
    users_.users = {sarah, boss, user("Dentist", "teeth"), hidden, blank};
  }

  SignInResult attempt(const std::string& name, const std::string& password,
                       const std::string& address = kAddress) {
    return sign_in_.attempt(name, asBytes(password), address, now_);
  }
  SignInOutcome outcome(const std::string& name, const std::string& password,
                        const std::string& address = kAddress) {
    return attempt(name, password, address).outcome;
  }
  opendental::Users source() {
    if (database_gone_) throw Error(ErrorCode::kUnreachable, "no server at 127.0.0.1");
    return users_;
  }

  TempDirectory folder_;
  opendental::Users users_;
  bool database_gone_ = false;
  SignIn::Time now_ = SignIn::Time(std::chrono::hours(1000));
  Administrator administrator_{folder_.path() / "administrator"};
  std::string log_;
  Settings settings_{Config()};
  SignIn sign_in_{settings_, [this] { return source(); }, administrator_,
                  [this](std::string_view text) { log_ += text; }};
};

TEST_F(SignInTest, rightsAreThoseOfOpenDental) {
  const auto sarah = attempt("sarah", "front desk 1");
  EXPECT_EQ(sarah.outcome, SignInOutcome::kSignedIn);
  EXPECT_EQ(
      sarah.principal,
      (Principal{.name = "Sarah", .account = "open_dental", .may_back_up = true, .may_administer = false}));
  EXPECT_TRUE(attempt("Boss", "the boss").principal.may_administer);
  const auto dentist = attempt("Dentist", "teeth");
  EXPECT_EQ(dentist.outcome, SignInOutcome::kNoRight);
  EXPECT_EQ(dentist.principal.name, "Dentist");
  EXPECT_FALSE(dentist.principal.may_back_up);
}

TEST_F(SignInTest, wrongNamesPasswordsHiddenAndBlankOnesAreAllTheSame) {
  EXPECT_EQ(outcome("Sarah", "front desk 2"), SignInOutcome::kWrong);
  EXPECT_EQ(outcome("Nobody", "front desk 1", "10.0.0.1"), SignInOutcome::kWrong);
  EXPECT_EQ(outcome("Gone", "was here", "10.0.0.2"), SignInOutcome::kWrong);
  EXPECT_EQ(outcome("Blank", "", "10.0.0.3"), SignInOutcome::kWrong);
  EXPECT_EQ(outcome("Blank", "anything", "10.0.0.4"), SignInOutcome::kWrong);
  EXPECT_EQ(outcome("", "", "10.0.0.5"), SignInOutcome::kWrong);
}

// So that the log says whose account it was, and no password that somebody typed as a name.
TEST_F(SignInTest, namesOfAccountsAreToldAndOthersNot) {
  EXPECT_EQ(attempt("sarah", "guess").account_name, "Sarah");
  EXPECT_EQ(attempt("front desk 1", "Sarah").account_name, "");
  EXPECT_EQ(attempt("Gone", "was here").account_name, "");
}

TEST_F(SignInTest, fiveFailuresLockANameEverywhereForFiveMinutes) {
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(outcome("Sarah", "guess", "10.0.0." + std::to_string(i)), SignInOutcome::kWrong);
  const auto locked = attempt("Sarah", "front desk 1", "10.0.0.9");
  EXPECT_EQ(locked.outcome, SignInOutcome::kLocked);
  EXPECT_EQ(locked.retry_after, 5min);
  EXPECT_EQ(outcome("Boss", "the boss", "10.0.0.9"), SignInOutcome::kSignedIn);
  now_ += 5min;
  EXPECT_EQ(outcome("Sarah", "front desk 1"), SignInOutcome::kSignedIn);
}

TEST_F(SignInTest, fiveFailuresLockAnAddressForAllNames) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(outcome("user" + std::to_string(i), "guess"), SignInOutcome::kWrong);
  EXPECT_EQ(outcome("Boss", "the boss"), SignInOutcome::kLocked);
  EXPECT_EQ(outcome("Boss", "the boss", "192.168.1.21"), SignInOutcome::kSignedIn);
}

TEST_F(SignInTest, atThisComputerOnlyNamesAreLocked) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(outcome("Sarah", "guess", "127.0.0.1"), SignInOutcome::kWrong);
  EXPECT_EQ(outcome("Sarah", "front desk 1", "127.0.0.1"), SignInOutcome::kLocked);
  EXPECT_EQ(outcome("Boss", "the boss", "127.0.0.1"), SignInOutcome::kSignedIn);
  EXPECT_EQ(outcome("Boss", "the boss", "::1"), SignInOutcome::kSignedIn);
}

TEST_F(SignInTest, theAdministratorGetsInWithoutTheDatabase) {
  administrator_.set("admin", asBytes(std::string_view(kAdministratorsPassword)),
                     crypto::PasswordCost::cheap());
  database_gone_ = true;
  const auto result = attempt("Admin", kAdministratorsPassword);
  EXPECT_EQ(result.outcome, SignInOutcome::kSignedIn);
  EXPECT_EQ(result.principal,
            (Principal{.name = "admin", .account = "local", .may_back_up = true, .may_administer = true}));
  const auto sarah = attempt("Sarah", "front desk 1");
  EXPECT_EQ(sarah.outcome, SignInOutcome::kDatabaseGone);
  EXPECT_NE(sarah.why.find("127.0.0.1"), std::string::npos);
}

// Nobody can say that these passwords were wrong.
TEST_F(SignInTest, usersAreNotLockedOutByADatabaseThatIsDown) {
  administrator_.set("admin", asBytes(std::string_view(kAdministratorsPassword)),
                     crypto::PasswordCost::cheap());
  database_gone_ = true;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(outcome("Sarah", "front desk 1"), SignInOutcome::kDatabaseGone);
  database_gone_ = false;
  EXPECT_EQ(outcome("Sarah", "front desk 1"), SignInOutcome::kSignedIn);
}

TEST_F(SignInTest, theAdministratorsPasswordIsNotGuessedWhileTheDatabaseIsDown) {
  administrator_.set("admin", asBytes(std::string_view(kAdministratorsPassword)),
                     crypto::PasswordCost::cheap());
  database_gone_ = true;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(outcome("ADMIN", "guess"), SignInOutcome::kDatabaseGone);
  EXPECT_EQ(outcome("admin", kAdministratorsPassword), SignInOutcome::kLocked);
}

TEST_F(SignInTest, waysInCanBeSwitchedOff) {
  administrator_.set("admin", asBytes(std::string_view(kAdministratorsPassword)),
                     crypto::PasswordCost::cheap());
  settings_.change([](Config& config) { config.sign_in.local_administrator = false; });
  EXPECT_EQ(outcome("admin", kAdministratorsPassword), SignInOutcome::kWrong);
  EXPECT_EQ(outcome("Sarah", "front desk 1"), SignInOutcome::kSignedIn);
  settings_.change([](Config& config) {
    config.sign_in.local_administrator = true;
    config.sign_in.open_dental = false;
  });
  EXPECT_EQ(outcome("Sarah", "front desk 1"), SignInOutcome::kWrong);
  EXPECT_EQ(outcome("admin", kAdministratorsPassword), SignInOutcome::kSignedIn);
}

TEST_F(SignInTest, howManyFailuresLockCanBeChanged) {
  settings_.change([](Config& config) { config.sign_in.failures_max = 2; });
  EXPECT_EQ(outcome("Sarah", "guess"), SignInOutcome::kWrong);
  EXPECT_EQ(outcome("Sarah", "guess"), SignInOutcome::kWrong);
  EXPECT_EQ(outcome("Sarah", "front desk 1"), SignInOutcome::kLocked);
  settings_.change([](Config& config) { config.sign_in.failures_max = 3; });
  EXPECT_EQ(outcome("Sarah", "front desk 1"), SignInOutcome::kSignedIn);
}

TEST_F(SignInTest, anAdministratorsFileThatIsNoneKeepsNobodyElseOut) {
  writeText(folder_.path() / "administrator", "nonsense");
  EXPECT_EQ(outcome("Sarah", "front desk 1"), SignInOutcome::kSignedIn);
  EXPECT_NE(log_.find("the local administrator cannot sign in"), std::string::npos) << log_;
  EXPECT_EQ(log_.find("nonsense"), std::string::npos) << log_;
}

TEST(Administrator, weakPasswordsAndOddNamesAreRefused) {
  const TempDirectory folder;
  const Administrator administrator(folder.path() / "administrator");
  const auto set = [&](const std::string& name, const std::string& password) {
    administrator.set(name, asBytes(password), crypto::PasswordCost::cheap());
  };
  EXPECT_FALSE(administrator.isSet());
  EXPECT_EQ(errorCodeOf([&] { set("admin", "short"); }), ErrorCode::kUsage);
  EXPECT_EQ(errorCodeOf([&] { set("admin", "ééééé"); }), ErrorCode::kUsage);  // ten bytes
  EXPECT_EQ(errorCodeOf([&] { set("", kAdministratorsPassword); }), ErrorCode::kUsage);
  EXPECT_EQ(errorCodeOf([&] { set("two words", kAdministratorsPassword); }), ErrorCode::kUsage);
  EXPECT_EQ(errorCodeOf([&] { set("a\nb", kAdministratorsPassword); }), ErrorCode::kUsage);
  EXPECT_FALSE(administrator.isSet());
  set("admin", "éééééééééé");
  EXPECT_TRUE(administrator.isSet());
  EXPECT_EQ(modeOf(folder.path() / "administrator"), 0600U);
  EXPECT_EQ(fileText(folder.path() / "administrator").find("é"), std::string::npos);
  EXPECT_EQ(administrator.verify("ADMIN", asBytes(std::string_view("éééééééééé"))), "admin");
  EXPECT_EQ(administrator.verify("admin", asBytes(std::string_view("eeeeeeeeee"))), "");
  EXPECT_EQ(administrator.verify("other", asBytes(std::string_view("éééééééééé"))), "");
}

}  // namespace
}  // namespace enamel::service
