#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "service/config.h"
#include "service/config_rules.h"

namespace enamel::service {

// One key of the configuration.
struct ConfigField {
  const char* key;
  const char* comment;              // for the written file: what it is, and what happens without it
  TextRule rule = TextRule::kText;  // of texts, and of each text of a list
  bool is_secret = false;           // nobody is told the value, only whether there is one; files are anyhow
  std::uint32_t min = 0;            // of numbers
  std::uint32_t max = std::numeric_limits<std::uint32_t>::max();  // of numbers
};

// The one list of all sections and keys, in the order of the file. Calls visitor.section(name, comment), then
// visitor.field(ConfigField, member) for each key of it. AnyConfig is Config or const Config; members are
// std::string, bool, std::uint32_t, std::vector<std::string>, std::vector<TimeOfDay>, std::array<bool, 7>
// (days, Monday first) and std::optional<QuietHours>.
template <class AnyConfig, class Visitor>
void visitConfig(AnyConfig& c, Visitor& v) {
  const auto schedule_fields = [&v](auto& schedule, const char* times) {
    v.field({.key = "times", .comment = times}, schedule.times);
    v.field({.key = "days",
             .comment = "On which days of the week, some of \"monday\" to \"sunday\"; at least one."},
            schedule.days);
    v.field(
        {.key = "quiet_hours",
         .comment =
             "Nothing begins by itself in these hours, as \"22:00-06:00\"; what falls into them begins at "
             "their end. Empty: no such hours."},
        schedule.quiet);
  };

  v.section("practice", "Who this is: shown on the page, in reports and in alerts.");
  v.field({.key = "name", .comment = "The practice's name."}, c.practice.name);

  v.section("database", "The database of Open Dental. Empty: none is backed up.");
  v.field({.key = "url",
           .comment = "Where it is: \"mariadb://USER@HOST:PORT/NAME\", without the password.",
           .rule = TextRule::kDatabaseUrl},
          c.database.url);
  v.field(
      {.key = "password_file",
       .comment = "A file that holds that user's password and nothing else, readable by the service only.",
       .rule = TextRule::kSecretFile},
      c.database.password_file);
  v.field(
      {.key = "data_folder",
       .comment = "The server's data folder, if this computer can read it; backups then pause the office for "
                  "milliseconds. Empty: found by itself where the server runs here.",
       .rule = TextRule::kPath},
      c.database.data_folder);

  v.section("images", "The image folder (A to Z folder). Empty: none is backed up.");
  v.field({.key = "path", .comment = "Where it is.", .rule = TextRule::kPath}, c.images.path);
  v.field({.key = "excludes",
           .comment = "Files and folders to leave out, from the image folder or from the root.",
           .rule = TextRule::kRelativeOrPath},
          c.images.excludes);

  v.section("repository", "Where the backups are kept.");
  v.field({.key = "path", .comment = "A folder, best on another disk.", .rule = TextRule::kPath},
          c.repository.path);
  v.field(
      {.key = "password_file",
       .comment = "A file that holds the repository's password. Keep a copy elsewhere: without it nobody can "
                  "open the backups.",
       .rule = TextRule::kSecretFile},
      c.repository.password_file);

  v.section("schedule",
            "When backups are made by themselves, by this computer's clock. One that was missed because "
            "the computer was off is made once when it is on again.");
  schedule_fields(c.schedule,
                  "Times of day, as [\"12:30\", \"20:00\"]. Empty: only when somebody asks for one.");

  v.section("retention",
            "Which backups are kept when old ones are removed: the newest of so many hours, days, weeks, "
            "months and years that have one. All 0: none is ever removed.");
  const auto keep = [&v](const char* key, const char* comment, auto& member) {
    v.field({.key = key, .comment = comment, .max = 100'000}, member);
  };
  keep("keep_last", "The newest, whenever they were made.", c.retention.keep_last);
  keep("keep_hourly", "One an hour.", c.retention.keep_hourly);
  keep("keep_daily", "One a day.", c.retention.keep_daily);
  keep("keep_weekly", "One a week.", c.retention.keep_weekly);
  keep("keep_monthly", "One a month.", c.retention.keep_monthly);
  keep("keep_yearly", "One a year.", c.retention.keep_yearly);

  v.section("drills", "Practice runs: the newest backup is restored into a server of its own and compared.");
  schedule_fields(c.drills.schedule, "Times of day. Empty: only when somebody asks for one.");
  v.field({.key = "read_images",
           .comment = "How many images are read back whole: the newest, and others by chance.",
           .max = 100'000'000},
          c.drills.read_images);
  v.field(
      {.key = "scratch_folder",
       .comment = "Where the database is restored to meanwhile; needs as much space as it has. Empty: the "
                  "system's temporary folder.",
       .rule = TextRule::kPath},
      c.drills.scratch_folder);

  v.section("restore", "What the page may do when something is brought back.");
  v.field(
      {.key = "folder",
       .comment = "Images and files are restored into new folders below this one. Empty: only with `enamel "
                  "restore` on the command line.",
       .rule = TextRule::kPath},
      c.restore.folder);

  v.section(
      "alerts",
      "Who is told when something is not as it should be: a backup that failed or is missing, a full "
      "drive, a practice run that found a fault, signs of blackmail software. Once when it begins, again "
      "each day while it is serious, and when it is over.");
  v.field(
      {.key = "webhook_url",
       .comment = "Gets a JSON message by HTTP POST; its member \"text\" is what chat services show. Their "
                  "addresses are secrets: better name a file that holds it.",
       .rule = TextRule::kWebUrl,
       .is_secret = true},
      c.alerts.webhook_url);
  v.field({.key = "webhook_url_file",
           .comment = "A file that holds that address, readable by the service only; instead of webhook_url.",
           .rule = TextRule::kSecretFile},
          c.alerts.webhook_url_file);
  v.field({.key = "ping_url",
           .comment = "Called after each complete backup; a watching service then misses the calls when this "
                      "computer is dead. After a failed or incomplete one \"/fail\" is added to it.",
           .rule = TextRule::kWebUrl,
           .is_secret = true},
          c.alerts.ping_url);
  v.field({.key = "ping_url_file",
           .comment = "A file that holds that address, instead of ping_url.",
           .rule = TextRule::kSecretFile},
          c.alerts.ping_url_file);
  v.field(
      {.key = "ca_file",
       .comment = "A PEM file with the authorities to trust for these three, such as the practice's own mail "
                  "server. Empty: the system's.",
       .rule = TextRule::kPublicFile},
      c.alerts.ca_file);
  v.field({.key = "pause_seconds_max",
           .comment = "A backup that keeps the office waiting for longer raises an alert. 0: none does.",
           .max = 3600},
          c.alerts.pause_seconds_max);

  v.section("alerts.smtp", "Alerts by e-mail.");
  v.field({.key = "host", .comment = "The mail server. Empty: no mails.", .rule = TextRule::kHost},
          c.alerts.smtp.host);
  v.field({.key = "port", .comment = "587 (STARTTLS) or 465 (TLS) as a rule.", .min = 1, .max = 65535},
          c.alerts.smtp.port);
  v.field({.key = "from", .comment = "Who the mails are from.", .rule = TextRule::kMailAddress},
          c.alerts.smtp.from);
  v.field({.key = "to", .comment = "Who gets them.", .rule = TextRule::kMailAddress}, c.alerts.smtp.to);
  v.field({.key = "user", .comment = "Who signs in to the mail server. Empty: nobody."}, c.alerts.smtp.user);
  v.field({.key = "password_file",
           .comment = "A file that holds that user's password.",
           .rule = TextRule::kSecretFile},
          c.alerts.smtp.password_file);
  v.field(
      {.key = "security",
       .comment =
           "\"starttls\", \"tls\", or \"none\" (only to a mail server on this computer). Empty: \"tls\" on "
           "port 465, \"starttls\" on others."},
      c.alerts.smtp.security);

  v.section("listen", "Where the page is served.");
  v.field({.key = "address",
           .comment = "127.0.0.1 is this computer alone; others need a certificate.",
           .rule = TextRule::kIpAddress},
          c.listen.address);
  v.field({.key = "port", .comment = "0: any free one.", .max = 65535}, c.listen.port);
  v.field({.key = "names",
           .comment = "By which names and addresses browsers reach it, such as \"backup-pc\"; others are "
                      "refused. Empty: its address, and localhost.",
           .rule = TextRule::kHost},
          c.listen.names);
  v.field({.key = "certificate",
           .comment = "A PEM file with the certificate and those above it. Empty: HTTP without TLS.",
           .rule = TextRule::kPublicFile},
          c.listen.certificate);
  v.field({.key = "key", .comment = "A PEM file with its private key.", .rule = TextRule::kSecretFile},
          c.listen.key);

  v.section("sign_in", "Who may use the page.");
  v.field(
      {.key = "open_dental", .comment = "Users of Open Dental with the right to back up, or SecurityAdmin."},
      c.sign_in.open_dental);
  v.field({.key = "local_administrator",
           .comment = "The administrator made at set-up; works also while the database is down."},
          c.sign_in.local_administrator);
  v.field({.key = "session_hours", .comment = "After so long one signs in again.", .min = 1, .max = 24 * 30},
          c.sign_in.session_hours);
  v.field({.key = "idle_minutes", .comment = "After so long without a click, too.", .min = 1, .max = 24 * 60},
          c.sign_in.idle_minutes);
  v.field({.key = "failures_max",
           .comment = "Wrong passwords in a row that lock an account.",
           .min = 1,
           .max = 100},
          c.sign_in.failures_max);
  v.field({.key = "lock_minutes", .comment = "For so long.", .min = 1, .max = 24 * 60},
          c.sign_in.lock_minutes);
}

// "monday" to "sunday".
inline constexpr std::array<const char*, 7> kDayNames = {"monday", "tuesday",  "wednesday", "thursday",
                                                         "friday", "saturday", "sunday"};
inline constexpr std::size_t kTimesMax = 48;  // a day

}  // namespace enamel::service
