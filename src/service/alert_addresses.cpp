#include "service/alert_addresses.h"

#include "base/error.h"
#include "base/file.h"
#include "base/trim.h"
#include "service/config_rules.h"

namespace enamel::service {
namespace {

constexpr std::uint64_t kBytesMax = 8192;

std::string addressOf(const std::string& in_clear, const std::string& file) {
  if (file.empty()) return in_clear;
  std::string address(trimmed(asText(readFile(file, kBytesMax))));
  if (address.empty() || !complaintOf(TextRule::kWebUrl, address).what.empty())
    throw Error(ErrorCode::kUsage, file + " does not hold a web address",
                "write one line into it: https://HOST/PATH");
  return address;
}

}  // namespace

std::string webhookUrl(const Config& config) {
  return addressOf(config.alerts.webhook_url, config.alerts.webhook_url_file);
}

std::string pingUrl(const Config& config) {
  return addressOf(config.alerts.ping_url, config.alerts.ping_url_file);
}

}  // namespace enamel::service
