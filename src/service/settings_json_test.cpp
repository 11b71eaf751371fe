#include "service/settings_json.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>

#include "http/problem.h"
#include "service/testing/any_config.h"

namespace enamel::service {
namespace {

// What refuses the change, or "" if nothing does.
std::string refusal(Config config, const std::string& body) {
  const Config before = config;
  try {
    applySettings(nlohmann::json::parse(body), config);
  } catch (const http::Problem& problem) {
    EXPECT_EQ(problem.status(), 400);
    EXPECT_EQ(config, before) << "half a change";
    return problem.detail();
  }
  return {};
}

void forgetSecrets(Config& config) {
  config.database.password_file = config.repository.password_file = config.listen.key = "";
  config.alerts.smtp.password_file = "";
  config.alerts.webhook_url = config.alerts.webhook_url_file = "";
  config.alerts.ping_url = config.alerts.ping_url_file = "";
}

RC_GTEST_PROP(SettingsJson, whatIsShownCanBeSentBack, ()) {
  const Config config = *anyConfig();
  const nlohmann::json shown = settingsJson(config);
  Config same = config;
  applySettings(shown, same);
  RC_ASSERT(same == config);
  RC_ASSERT(changesBetween(config, same).empty());
}

RC_GTEST_PROP(SettingsJson, everyKeyThatIsNoSecretCanBeSet, ()) {
  Config wanted = *anyConfig();
  forgetSecrets(wanted);
  Config config;
  applySettings(nlohmann::json(settingsJson(wanted)), config);
  RC_ASSERT(config == wanted);
}

TEST(SettingsJson, secretsAreToldOfAndNotTold) {
  Config config;
  config.alerts.webhook_url = "https://chat.example/SECRET";
  config.alerts.ping_url_file = "/etc/enamel/SECRET";
  config.repository.password_file = "/etc/enamel/SECRET";
  const nlohmann::json shown = settingsJson(config);
  EXPECT_EQ(shown.dump().find("SECRET"), std::string::npos);
  EXPECT_EQ(shown["alerts"]["webhook_url_set"], true);
  EXPECT_EQ(shown["alerts"]["ping_url_set"], true);
  EXPECT_EQ(shown["repository"]["password_set"], true);
  EXPECT_EQ(shown["database"]["password_set"], false);
  EXPECT_EQ(changesBetween(Config(), config),
            "repository.password_set: false -> true; alerts.webhook_url_set: false -> true; "
            "alerts.ping_url_set: false -> true");
  EXPECT_EQ(refusal(config, R"({"alerts":{"webhook_url_set":false}})"),
            "alerts.webhook_url_set only tells whether there is one");
  EXPECT_EQ(refusal(config, R"({"alerts":{"webhook_url":"https://elsewhere"}})"),
            "'alerts.webhook_url' is no setting");
  EXPECT_EQ(refusal(config, R"({"repository":{"password_file":"/etc/shadow"}})"),
            "'repository.password_file' is no setting");
}

TEST(SettingsJson, onlyWhatIsThereIsChanged) {
  Config config;
  config.practice.name = "Smile Dental";
  applySettings(nlohmann::json::parse(R"({"schedule":{"times":["07:30"]},"alerts":{"smtp":{"port":465}}})"),
                config);
  Config expected;
  expected.practice.name = "Smile Dental";
  expected.schedule.times = {{7 * 60 + 30}};
  expected.alerts.smtp.port = 465;
  EXPECT_EQ(config, expected);
  EXPECT_EQ(changesBetween(Config(), config),
            R"(practice.name: "" -> "Smile Dental"; schedule.times: ["12:30","20:00"] -> ["07:30"]; )"
            R"(alerts.smtp.port: 587 -> 465)");
}

TEST(SettingsJson, whatCannotBeIsNamed) {
  const auto refused = [](const std::string& body) { return refusal(Config(), body); };
  EXPECT_EQ(refused(R"({"schedule":{"times":["25:00"]}})"),
            "schedule.times has to be a list of at most 48 times of day");
  EXPECT_EQ(refused(R"({"schedule":{"times":"12:00"}})"), "schedule.times has to be a list of texts");
  EXPECT_EQ(refused(R"({"schedule":{"days":[]}})"), "schedule.days has to be a list of at least one day");
  EXPECT_EQ(refused(R"({"schedule":{"quiet_hours":"22:00-22:00"}})"),
            "schedule.quiet_hours has to be two different times of day");
  EXPECT_EQ(refused(R"({"schedule":{"quiet_hours":null}})"), "schedule.quiet_hours has to be a text");
  EXPECT_EQ(refused(R"({"retention":{"keep_daily":-1}})"),
            "retention.keep_daily has to be a whole number from 0 to 100000");
  EXPECT_EQ(refused(R"({"retention":{"keep_daily":1.5}})"),
            "retention.keep_daily has to be a whole number from 0 to 100000");
  EXPECT_EQ(refused(R"({"retention":{"keep_daily":4294967296}})"),
            "retention.keep_daily has to be a whole number from 0 to 100000");
  EXPECT_EQ(refused(R"({"practice":{"name":"a\nb"}})"), "practice.name holds a control character");
  EXPECT_EQ(refused(R"({"images":{"path":"images"}})"), "images.path must be a path from the root");
  EXPECT_EQ(refused(R"({"images":{"paths":"/images"}})"), "'images.paths' is no setting");
  EXPECT_EQ(refused(R"({"image":{}})"), "'image' is no setting");
  EXPECT_EQ(refused(R"({"alerts.smtp":{}})"), "'alerts.smtp' is no setting");
  EXPECT_EQ(refused(R"({"alerts":{"smtp":5}})"), "smtp has to be an object");
  EXPECT_EQ(refused(R"({"practice":5})"), "practice has to be an object");
  EXPECT_EQ(refused(R"({"database":{"url":"mariadb://root:hunter2@h/d"}})"), "database.url holds a password");
}

}  // namespace
}  // namespace enamel::service
