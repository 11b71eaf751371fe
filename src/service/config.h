#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "service/schedule.h"

namespace enamel::service {

// What a practice sets, as one TOML file (https://toml.io, version 1.0) with a comment on every key. What
// each key means, its limits and its section stand in config_fields.h, from which reading and writing both
// come. Empty texts are "not set". Passwords never stand in it, only the names of files that hold them.
struct Config {
  struct Practice {
    std::string name;
    friend bool operator==(const Practice&, const Practice&) = default;
  };
  struct Database {
    std::string url;  // as mariadb::parseAddress takes it, without password
    std::string password_file;
    std::string data_folder;
    friend bool operator==(const Database&, const Database&) = default;
  };
  struct Images {
    std::string path;
    std::vector<std::string> excludes;
    friend bool operator==(const Images&, const Images&) = default;
  };
  struct Repository {
    std::string path;
    std::string password_file;
    friend bool operator==(const Repository&, const Repository&) = default;
  };
  struct Restore {
    std::string folder;
    friend bool operator==(const Restore&, const Restore&) = default;
  };
  // restic's counts; 0: that rule keeps nothing. All 0: nothing is ever forgotten.
  struct Retention {
    std::uint32_t keep_last = 0, keep_hourly = 24, keep_daily = 30, keep_weekly = 12, keep_monthly = 24,
                  keep_yearly = 10;
    friend bool operator==(const Retention&, const Retention&) = default;
  };
  struct Drills {
    Schedule schedule{.times = {{5 * 60}}, .days = {false, false, false, false, false, false, true}};
    std::uint32_t read_images = 20;
    std::string scratch_folder;
    friend bool operator==(const Drills&, const Drills&) = default;
  };
  struct Smtp {
    std::string host;
    std::uint32_t port = 587;
    std::string from;
    std::vector<std::string> to;
    std::string user;
    std::string password_file;
    std::string security;  // "starttls", "tls", "none"; empty: "tls" on port 465, else "starttls"
    friend bool operator==(const Smtp&, const Smtp&) = default;
  };
  struct Alerts {
    std::string webhook_url, webhook_url_file;  // alert_addresses.h has what comes of both
    std::string ping_url, ping_url_file;
    std::string ca_file;
    std::uint32_t pause_seconds_max = 5;  // 0: any pause is right
    Smtp smtp;
    friend bool operator==(const Alerts&, const Alerts&) = default;
  };
  struct Listen {
    std::string address = "127.0.0.1";
    std::uint32_t port = 8480;  // 0: any free one
    std::vector<std::string> names;
    std::string certificate;
    std::string key;
    friend bool operator==(const Listen&, const Listen&) = default;
  };
  struct SignIn {
    bool open_dental = true;
    bool local_administrator = true;
    std::uint32_t session_hours = 12;
    std::uint32_t idle_minutes = 60;
    std::uint32_t failures_max = 5;
    std::uint32_t lock_minutes = 5;
    friend bool operator==(const SignIn&, const SignIn&) = default;
  };

  Practice practice;
  Database database;
  Images images;
  Repository repository;
  Schedule schedule{.times = {{12 * 60 + 30}, {20 * 60}}};
  Retention retention;
  Drills drills;
  Restore restore;
  Alerts alerts;
  Listen listen;
  SignIn sign_in;

  friend bool operator==(const Config&, const Config&) = default;
};

// Errors of all functions here are kUsage unless said otherwise, begin with "NAME:LINE:COLUMN: ", and name
// the key but never a value: a value in the wrong place may be a password.

// Reads the text of a configuration; keys that are not there have the defaults above. Throws for what is no
// TOML, unknown keys and sections, wrong types, values that cannot be, and secrets written into the file.
// Looks at no file. `name` is the file's, for messages.
Config parseConfig(std::string_view text, const std::string& name);

// parseConfig() of a file, and a look at the files that it names: throws kNotFound for a password,
// certificate or key file that is not there, kPermission for a password or key file that everybody on the
// computer may read and for a configuration that everybody may change; kLimit for more than kConfigBytesMax.
Config loadConfig(const std::filesystem::path& path);
inline constexpr std::uint64_t kConfigBytesMax = 256 << 10;

// The configuration as a file with a comment on every key. parseConfig() of it gives the same configuration
// again: that is tried, and one for which it does not hold (control characters, bytes that are no UTF-8,
// values that cannot be) throws as parseConfig() would.
std::string commentedConfig(const Config& config);

// What loadConfig() asks of a file, of a configuration that is in none yet; messages begin with the key.
void requireRight(const Config& config);

// Puts commentedConfig() in place of the file: whole and durable or not at all, with mode 0640. Comments of a
// person's own are lost with the old file.
void writeCommented(const Config& config, const std::filesystem::path& path);

// What still must be set before a backup can be made: names of keys, "repository.path". Empty: nothing.
std::vector<std::string> missingForBackup(const Config& config);

}  // namespace enamel::service
