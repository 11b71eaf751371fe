#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <vector>

#include "service/config.h"
#include "service/testing/any_schedule.h"

namespace enamel::service {

// Any characters that a text of the configuration may have: those that TOML treats specially more often.
inline rc::Gen<std::string> anyConfigText(std::size_t least = 0) {
  return rc::gen::exec([least] {
    std::string text;
    const std::size_t length = *rc::gen::inRange<std::size_t>(least, least + 20);
    for (std::size_t i = 0; i < length; ++i)
      text += *rc::gen::element<std::string>("\"", "\\", "'", "#", "[", "]", "=", " ", "n", "u0041", "\"\"\"",
                                             "{", "é", "齿", "😬", "\xC2\x85", ",", "-", "0");
    return text;
  });
}

inline rc::Gen<std::string> anyPathOrNone() {
  return rc::gen::exec([] { return *rc::gen::arbitrary<bool>() ? "/" + *anyConfigText() : std::string(); });
}

inline rc::Gen<std::vector<std::string>> anyList(rc::Gen<std::string> text) {
  return rc::gen::exec([text = std::move(text)] {
    std::vector<std::string> list;
    const int count = *rc::gen::inRange(0, 4);
    for (int i = 0; i < count; ++i) list.push_back(*text);
    return list;
  });
}

inline std::uint32_t anyNumber(std::uint32_t least, std::uint32_t most) {
  return *rc::gen::inRange<std::uint32_t>(least, most + 1);
}

// One that parseConfig() would give.
inline rc::Gen<Config> anyConfig() {
  return rc::gen::exec([] {
    Config config;
    config.practice.name = *anyConfigText();
    config.database = {
        .url = *rc::gen::element<std::string>("", "mariadb://u@h/d", "mysql://a%22b@[::1]:1/x%5Cy"),
        .password_file = *anyPathOrNone(),
        .data_folder = *anyPathOrNone()};
    config.images = {.path = *anyPathOrNone(), .excludes = *anyList(anyConfigText(1))};
    config.repository = {.path = *anyPathOrNone(), .password_file = *anyPathOrNone()};
    config.schedule = *anySchedule();
    if (*rc::gen::arbitrary<bool>()) config.schedule.times.clear();
    config.retention = {.keep_last = anyNumber(0, 100'000), .keep_yearly = anyNumber(0, 100'000)};
    config.drills = {.schedule = *anySchedule(),
                     .read_images = anyNumber(0, 100'000'000),
                     .scratch_folder = *anyPathOrNone()};
    config.alerts = {
        .webhook_url = *rc::gen::element<std::string>("", "https://h", "http://h:1/\"x\\y\"?z#w"),
        .ping_url_file = *anyPathOrNone(),
        .ca_file = *anyPathOrNone(),
        .pause_seconds_max = anyNumber(0, 3600)};
    if (config.alerts.ping_url_file.empty())
      config.alerts.ping_url = *rc::gen::element<std::string>("", "https://ping/id");
    if (config.alerts.webhook_url.empty()) config.alerts.webhook_url_file = *anyPathOrNone();
    config.alerts.smtp = {.host = *rc::gen::element<std::string>("", "mail.example", "10.0.0.1", "::1"),
                          .port = anyNumber(1, 65535),
                          .from = "a@b",
                          .to = *anyList(rc::gen::element<std::string>("x@y.z", "'\\o'@y.z")),
                          .user = *anyConfigText(),
                          .password_file = "/" + *anyConfigText(),
                          .security = *rc::gen::element<std::string>("", "starttls", "tls")};
    if (config.alerts.smtp.to.empty()) config.alerts.smtp.host.clear();
    if (*rc::gen::arbitrary<bool>())
      config.listen = {.address = *rc::gen::element<std::string>("0.0.0.0", "::", "192.168.1.5"),
                       .port = anyNumber(0, 65535),
                       .certificate = "/" + *anyConfigText(),
                       .key = "/" + *anyConfigText()};
    config.sign_in = {.open_dental = *rc::gen::arbitrary<bool>(),
                      .session_hours = anyNumber(1, 720),
                      .idle_minutes = anyNumber(1, 1440),
                      .failures_max = anyNumber(1, 100),
                      .lock_minutes = anyNumber(1, 1440)};
    return config;
  });
}

}  // namespace enamel::service
