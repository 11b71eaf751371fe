#include "service/alert_message.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "jobs/result_json.h"
#include "service/alert_conditions.h"
#include "service/alert_json.h"

namespace enamel::service {
namespace {

std::string headline(const DueNews& item) {
  switch (item.news) {
    case AlertNews::kEnds:
      return "Over: " + item.alert.title;
    case AlertNews::kLasts:
      return "Still: " + item.alert.title;
    case AlertNews::kBegins:
      break;
  }
  return item.alert.title;
}

std::string paragraph(const DueNews& item, const TimeZone& zone) {
  const Alert& alert = item.alert;
  if (item.news == AlertNews::kEnds)
    return fmt::format("OVER: {}\nSince {}; over since {}. Nothing is to be done.\n", alert.title,
                       clockText(zone, alert.since), clockText(zone, alert.ended.value_or(alert.last_seen)));
  return fmt::format("{}: {}\n{}\nWhat to do: {}\nSince {}{}.\n",
                     alert.severity == AlertSeverity::kCritical ? "CRITICAL" : "WARNING", alert.title,
                     alert.detail, alert.advice, clockText(zone, alert.since),
                     item.news == AlertNews::kLasts ? ", and it still lasts" : "");
}

}  // namespace

std::string newsSubject(const std::string& practice, const std::vector<DueNews>& news) {
  // What is over comes after what is not.
  const auto first = std::find_if(news.begin(), news.end(),
                                  [](const DueNews& item) { return item.news != AlertNews::kEnds; });
  std::string subject = practice.empty() ? "Enamel: " : practice + ": ";
  if (!news.empty()) subject += headline(first == news.end() ? news.front() : *first);
  if (news.size() > 1) subject += fmt::format(" (and {} more)", news.size() - 1);
  return subject;
}

std::string newsText(const std::string& practice, const std::vector<DueNews>& news, const TimeZone& zone) {
  std::string text;
  for (const DueNews& item : news) text += paragraph(item, zone) + "\n";
  return text + "-- \nEnamel watches over the backups" + (practice.empty() ? "" : " of " + practice) +
         ". You hear of this once when it begins, again each day while it is serious, and when it is over. "
         "On Enamel's "
         "page it can be muted.\n";
}

std::string newsJson(const std::string& practice, const std::vector<DueNews>& news, const TimeZone& zone,
                     Timestamp now) {
  using nlohmann::ordered_json;
  std::string text = newsSubject(practice, news) + "\n\n";
  ordered_json items = ordered_json::array();
  for (const DueNews& item : news) {
    text += paragraph(item, zone) + "\n";
    items.push_back({{"news", name(item.news)}, {"alert", alertJson(item.alert)}});
  }
  return jobs::jsonText(
      {{"practice", practice}, {"time", formatRfc3339(now)}, {"text", text}, {"news", items}});
}

}  // namespace enamel::service
