#include "service/config.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <unistd.h>

#include "service/testing/any_config.h"
#include "service/testing/test_state.h"

namespace enamel::service {
namespace {

Config parsed(const std::string& text) {
  return parseConfig(text, "enamel.toml");
}

// "enamel.toml:LINE:COLUMN: what: hint" of the error that reading it gives.
std::string refusal(const std::string& text) {
  EXPECT_EQ(errorCodeOf([&] { parsed(text); }), ErrorCode::kUsage) << text;
  return errorTextOf([&] { parsed(text); });
}

void expectRefusal(const std::string& text, const std::string& words) {
  const std::string said = refusal(text);
  EXPECT_NE(said.find(words), std::string::npos) << text << "\n-> " << said;
}

TEST(Config, AnEmptyFileHasTheDefaults) {
  EXPECT_EQ(parsed(""), Config());
  EXPECT_EQ(parsed("# nothing\n[listen]\n"), Config());
  EXPECT_EQ(Config().listen.address, "127.0.0.1");
}

TEST(Config, ReadsEverySection) {
  const Config config = parsed(R"(
[practice]
name = "Smile Dental"
[database]
url = "mariadb://backup@10.0.0.5:3307/opendental"
password_file = "/etc/enamel/database-password"
data_folder = "/mnt/data"
[images]
path = "/mnt/OpenDentImages"
excludes = ["Forms", "/mnt/OpenDentImages/Sounds"]
[repository]
path = "/srv/backup"
password_file = "/etc/enamel/repository-password"
[schedule]
times = ["07:30", "20:00"]
days = ["monday", "friday"]
quiet_hours = "22:00-06:00"
[retention]
keep_last = 3
keep_yearly = 0
[drills]
times = []
read_images = 5
[alerts]
webhook_url = "https://chat.example/hook"
[alerts.smtp]
host = "mail.example"
port = 465
from = "enamel@example.com"
to = ["office@example.com", "it@example.com"]
user = "enamel"
password_file = "/etc/enamel/mail-password"
[listen]
address = "0.0.0.0"
port = 443
certificate = "/etc/enamel/cert.pem"
key = "/etc/enamel/key.pem"
[sign_in]
open_dental = false
idle_minutes = 15
)");
  EXPECT_EQ(config.practice.name, "Smile Dental");
  EXPECT_EQ(config.database.url, "mariadb://backup@10.0.0.5:3307/opendental");
  EXPECT_EQ(config.images.excludes, (std::vector<std::string>{"Forms", "/mnt/OpenDentImages/Sounds"}));
  EXPECT_EQ(config.schedule.times, (std::vector<TimeOfDay>{{450}, {1200}}));
  EXPECT_EQ(config.schedule.days, (std::array<bool, 7>{true, false, false, false, true, false, false}));
  EXPECT_EQ(config.schedule.quiet, (QuietHours{{1320}, {360}}));
  EXPECT_EQ(config.retention.keep_last, 3U);
  EXPECT_EQ(config.retention.keep_yearly, 0U);
  EXPECT_TRUE(config.drills.schedule.times.empty());
  EXPECT_EQ(config.drills.schedule.days, Config().drills.schedule.days);
  EXPECT_EQ(config.alerts.smtp.to.size(), 2U);
  EXPECT_EQ(config.alerts.smtp.port, 465U);
  EXPECT_EQ(config.listen.port, 443U);
  EXPECT_FALSE(config.sign_in.open_dental);
}

TEST(Config, UnknownKeysAndSectionsAreNamedWithWhatThereIs) {
  EXPECT_EQ(refusal("[images]\npath = \"/a\"\nexclude = [\"b\"]\n"),
            "enamel.toml:3:1: 'exclude' is no key of [images]: there are: path, excludes");
  expectRefusal("\n[image]\npath = \"/a\"\n", "enamel.toml:2:");
  expectRefusal("[image]\n", "'image' is no section");
  expectRefusal("port = 1\n", "enamel.toml:1:1: 'port' is no section");
  expectRefusal("[alerts.sms]\nhost = \"x\"\n", "'sms' is no key of [alerts]");
  // Keys in quotes that only look like others.
  expectRefusal("\"listen.port\" = 1\n[listen]\nport = 1\n", "'listen.port' is no section");
  expectRefusal("\"alerts.smtp\" = 1\n", "'alerts.smtp' is no section");
  expectRefusal("[listen]\n\"\\u001b[2J\" = 1\n", "'\\x1b[2J' is no key");
}

TEST(Config, WrongTypesAreNamedWithTheirPlace) {
  expectRefusal("[practice]\nname = 5\n", "enamel.toml:2:8: practice.name must be a text in quotes");
  expectRefusal("[listen]\nport = \"443\"\n",
                "enamel.toml:2:8: listen.port must be a whole number from 0 to 65535");
  expectRefusal("[listen]\nport = 443.0\n", "must be a whole number");
  expectRefusal("[listen]\nport = 65536\n", "must be a whole number");
  expectRefusal("[listen]\nport = -1\n", "must be a whole number");
  expectRefusal("[sign_in]\nopen_dental = 1\n", "sign_in.open_dental must be true or false");
  expectRefusal("[sign_in]\nfailures_max = 0\n", "from 1 to 100");
  expectRefusal("[images]\nexcludes = \"a\"\n", "must be a list of texts");
  expectRefusal("[images]\nexcludes = [\"a\",\n 5]\n", "enamel.toml:3:2:");
  expectRefusal("[images]\nexcludes = [\"\"]\n", "holds an empty text");
  expectRefusal("listen = 5\n", "enamel.toml:1:10: listen must be a section");
  expectRefusal("[alerts]\nsmtp = \"x\"\n", "alerts.smtp must be a section");
  expectRefusal("[[listen]]\nport = 1\n", "listen must be a section");
  expectRefusal("[schedule]\ntimes = [\"25:00\"]\n", "times of day");
  expectRefusal("[schedule]\ndays = [\"mon\"]\n", "must be a list of days");
  expectRefusal("[schedule]\ndays = []\n", "at least one day");
  expectRefusal("[schedule]\nquiet_hours = \"22:00\"\n", "two different times");
  expectRefusal("[schedule]\nquiet_hours = \"22:00-22:00\"\n", "two different times");
  expectRefusal("[schedule]\nquiet_hours = \"22:00 06:00\"\n", "two different times");
}

TEST(Config, ValuesThatCannotBeAreNamed) {
  expectRefusal("[repository]\npath = \"backup\"\n", "repository.path must be a path from the root");
  expectRefusal("[practice]\nname = \"a\\u0000b\"\n", "control character");
  expectRefusal("[practice]\nname = \"a\\nb\"\n", "control character");
  expectRefusal("[practice]\nname = \"" + std::string(5000, 'x') + "\"\n", "longer than");
  expectRefusal("[database]\nurl = \"postgres://x\"\n", "database.url is wrong");
  expectRefusal("[alerts]\nwebhook_url = \"ftp://x/\"\n", "must be a web address");
  expectRefusal("[alerts]\nping_url = \"https:///x\"\n", "must be a web address");
  expectRefusal("[alerts.smtp]\nfrom = \"office\"\n", "one e-mail address");
  expectRefusal("[alerts.smtp]\nto = [\"a@b.c, d@e.f\"]\n", "one e-mail address");
  expectRefusal("[alerts.smtp]\nhost = \"mail server\"\n", "name or the address of a computer");
  expectRefusal("[listen]\naddress = \"office\"\n", "must be an IP address");
}

TEST(Config, WhatDoesNotFitTogetherIsNamedWithItsPlace) {
  expectRefusal("[listen]\naddress = \"0.0.0.0\"\n",
                "enamel.toml:2:11: listen.address reaches beyond this computer");
  expectRefusal("[listen]\naddress = \"::\"\n", "reaches beyond this computer");
  expectRefusal("[listen]\naddress = \"\"\n", "listen.address must not be empty");
  expectRefusal("[listen]\ncertificate = \"/c\"\n", "listen.key is missing");
  expectRefusal("[listen]\nkey = \"/k\"\n", "listen.certificate is missing");
  expectRefusal("[alerts.smtp]\nhost = \"mail\"\n", "alerts.smtp.from is missing");
  expectRefusal("[alerts.smtp]\nhost = \"mail\"\nfrom = \"a@b.c\"\n", "alerts.smtp.to is missing");
  expectRefusal("[alerts.smtp]\nsecurity = \"ssl\"\n", "must be \"starttls\", \"tls\" or \"none\"");
  expectRefusal("[alerts.smtp]\nhost = \"mail\"\nfrom = \"a@b.c\"\nto = [\"a@b.c\"]\nsecurity = \"none\"\n",
                "the mail server is another computer");
  EXPECT_EQ(parseConfig("[alerts.smtp]\nhost = \"127.0.0.1\"\nfrom = \"a@b.c\"\nto = [\"a@b.c\"]\nsecurity = "
                        "\"none\"\n",
                        "x")
                .alerts.smtp.security,
            "none");
  expectRefusal("[alerts.smtp]\nuser = \"u\"\n", "alerts.smtp.password_file is missing");
  expectRefusal("[sign_in]\nopen_dental = false\nlocal_administrator = false\n", "nobody could sign in");
  for (const char* address : {"localhost", "127.0.0.1", "::1"})
    EXPECT_EQ(parsed("[listen]\naddress = \"" + std::string(address) + "\"\n").listen.address, address);
}

TEST(Config, SecretsInTheFileAreRefusedAndNotRepeated) {
  for (const char* text :
       {"[database]\nurl = \"mariadb://backup:hunter2@host/opendental\"\n",
        "[database]\npassword = \"hunter2\"\n", "[repository]\npassword_file = \"hunter2\"\n",
        "[alerts.smtp]\nPassWord = \"hunter2\"\n", "[alerts]\nwebhook_token = \"hunter2\"\n",
        "[alerts]\nping_url = \"https://user:hunter2@host/\"\n", "[database]\npassword_file = hunter2\n",
        "[database]\npassword_file = \"hunter2\n", "[database]\npassword_file = thunter2\n",
        "[database]\npassword_file = \"a\" hunter2\n"}) {
    const std::string said = refusal(text);
    EXPECT_EQ(said.find("unter2"), std::string::npos) << said;
    EXPECT_EQ(said.rfind("enamel.toml:2:", 0), 0U) << said;
  }
  expectRefusal("[database]\npassword = \"x\"\n", "secrets do not belong in this file");
  expectRefusal("[database]\nurl = \"mariadb://backup:x@host/db\"\n", "password_file");
}

TEST(Config, WhatIsNoTomlIsNamedWithItsPlace) {
  for (const std::string& text : {std::string("[practice\n"), std::string("[practice]\nname = \"\xFF\"\n"),
                                  std::string("a = 1\na = 2\n"), std::string("x\0y", 3),
                                  std::string("[practice]\nname = \"never closed"), std::string(2000, '['),
                                  "[practice]\nname = " + std::string(2000, '['),
                                  std::string("[practice]\nname = 0хé"), std::string("é = 1\n")})
    EXPECT_EQ(refusal(text).rfind("enamel.toml:", 0), 0U);
}

TEST(Config, SaysWhatIsMissingForABackup) {
  EXPECT_EQ(missingForBackup(Config()),
            (std::vector<std::string>{"database.url", "repository.path", "repository.password_file"}));
  Config config;
  config.images.path = "/images";
  config.repository = {.path = "/backup", .password_file = "/password"};
  EXPECT_EQ(missingForBackup(config), std::vector<std::string>{});
}

TEST(CommentedConfig, SaysWhatEachKeyMeans) {
  const std::string text = commentedConfig(Config());
  EXPECT_NE(text.find("# The practice's name.\nname = \"\"\n"), std::string::npos) << text;
  EXPECT_NE(text.find("days = [\"sunday\"]\n"), std::string::npos);
  // Every key has a comment above it.
  std::istringstream lines(text);
  std::string before, line;
  while (std::getline(lines, line)) {
    if (line.find(" = ") != std::string::npos && line[0] != '#') {
      EXPECT_EQ(before.substr(0, 2), "# ") << line;
    }
    EXPECT_LE(line.size(), 110U) << line;
    before = line;
  }
}

TEST(CommentedConfig, AnyConfigurationIsReadAsItWasWritten) {
  EXPECT_TRUE(rc::check([] {
    const Config config = *anyConfig();
    RC_ASSERT(parseConfig(commentedConfig(config), "law") == config);
  }));
}

TEST(CommentedConfig, WhatCannotBeReadAgainIsNotWritten) {
  const auto refused = [](const std::function<void(Config&)>& spoil) {
    Config config;
    spoil(config);
    return errorCodeOf([&] { commentedConfig(config); }) == ErrorCode::kUsage;
  };
  EXPECT_TRUE(refused([](Config& config) { config.practice.name = "a\nb"; }));
  EXPECT_TRUE(refused([](Config& config) { config.practice.name = "\xFF"; }));
  EXPECT_TRUE(refused([](Config& config) { config.repository.path = "relative"; }));
  EXPECT_TRUE(refused([](Config& config) { config.database.url = "mariadb://u:secret@h/d"; }));
  EXPECT_TRUE(refused([](Config& config) { config.schedule.days = {}; }));
  EXPECT_TRUE(refused([](Config& config) { config.schedule.times = {{1440}}; }));
  EXPECT_TRUE(refused([](Config& config) { config.schedule.quiet = QuietHours{{5}, {5}}; }));
  EXPECT_TRUE(refused([](Config& config) { config.listen.port = 70'000; }));
  EXPECT_TRUE(refused([](Config& config) { config.images.excludes = {""}; }));
}

class ConfigFileTest : public testing::Test {
 protected:
  void SetUp() override {
    writeText(secret_, "hunter2");
    ASSERT_EQ(::chmod(secret_.c_str(), 0600), 0);
  }
  // A configuration whose third line names that password file.
  void write(const std::filesystem::path& password_file) const {
    writeText(path_,
              "[repository]\npath = \"/srv/backup\"\npassword_file = \"" + password_file.string() + "\"\n");
  }
  ErrorCode code() const {
    return errorCodeOf([&] { loadConfig(path_); });
  }
  std::string said() const {
    return errorTextOf([&] { loadConfig(path_); });
  }

  TempDirectory folder_;
  const std::filesystem::path path_ = folder_.path() / "enamel.toml", secret_ = folder_.path() / "password";
};

TEST_F(ConfigFileTest, IsWrittenForTheServiceAndItsGroup) {
  Config config;
  config.practice.name = "Smile Dental";
  writeCommented(config, path_);
  EXPECT_EQ(modeOf(path_), 0640);
  EXPECT_EQ(loadConfig(path_), config);
  config.practice.name = "\"Brace\\Yourself\" Ünïcode";
  writeCommented(config, path_);
  EXPECT_EQ(loadConfig(path_), config);
}

TEST_F(ConfigFileTest, WhatCannotBeWrittenLeavesTheOldFile) {
  writeCommented(Config(), path_);
  const std::string before = fileText(path_);
  Config config;
  config.practice.name = "a\nb";
  EXPECT_THROW(writeCommented(config, path_), Error);
  EXPECT_EQ(fileText(path_), before);
  int files = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder_.path())) files += file.exists() ? 1 : 0;
  EXPECT_EQ(files, 2);  // it and the password
}

TEST_F(ConfigFileTest, APasswordFileForItsOwnerIsRight) {
  write(secret_);
  EXPECT_EQ(loadConfig(path_).repository.password_file, secret_.string());
  ASSERT_EQ(::chmod(secret_.c_str(), 0640), 0);
  EXPECT_EQ(loadConfig(path_).repository.password_file, secret_.string());
}

TEST_F(ConfigFileTest, APasswordFileThatEverybodyMayReadIsRefusedWithItsPlace) {
  write(secret_);
  for (const mode_t mode : {0604, 0602, 0644}) {
    ASSERT_EQ(::chmod(secret_.c_str(), mode), 0);
    EXPECT_EQ(code(), ErrorCode::kPermission) << mode;
    EXPECT_NE(said().find(path_.string() + ":3:17: repository.password_file names a file that every user"),
              std::string::npos)
        << said();
    EXPECT_NE(said().find("chmod 600"), std::string::npos);
  }
}

TEST_F(ConfigFileTest, APasswordFileThatIsNotThereIsNamedByItsKeyAlone) {
  write("/hunter2");  // a password in the place of a path
  EXPECT_EQ(code(), ErrorCode::kNotFound);
  EXPECT_NE(said().find(":3:17: repository.password_file"), std::string::npos) << said();
  EXPECT_EQ(said().find("hunter2"), std::string::npos) << said();
  write(folder_.path());
  EXPECT_EQ(code(), ErrorCode::kUsage);
}

TEST_F(ConfigFileTest, ACertificateMayBeReadByEverybodyButNotItsKey) {
  ASSERT_EQ(::chmod(secret_.c_str(), 0644), 0);
  const auto certificate = folder_.path() / "cert.pem";
  writeText(certificate, "x");
  ASSERT_EQ(::chmod(certificate.c_str(), 0644), 0);
  writeText(path_,
            "[listen]\ncertificate = \"" + certificate.string() + "\"\nkey = \"" + secret_.string() + "\"\n");
  EXPECT_NE(said().find(":3:7: listen.key names a file that every user"), std::string::npos) << said();
  ASSERT_EQ(::chmod(secret_.c_str(), 0600), 0);
  EXPECT_EQ(said(), "");
}

TEST_F(ConfigFileTest, AConfigurationThatEverybodyMayChangeIsRefused) {
  writeCommented(Config(), path_);
  ASSERT_EQ(::chmod(path_.c_str(), 0646), 0);
  EXPECT_EQ(code(), ErrorCode::kPermission);
}

TEST_F(ConfigFileTest, AFileTooLargeOrNotThereIsAnError) {
  EXPECT_EQ(code(), ErrorCode::kNotFound);
  writeText(path_, std::string(kConfigBytesMax + 1, '#'));
  EXPECT_EQ(code(), ErrorCode::kLimit);
}

}  // namespace
}  // namespace enamel::service
