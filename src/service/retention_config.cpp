#include "service/retention_config.h"

namespace enamel::service {

repository::KeepPolicy policyOf(const Config::Retention& retention) {
  repository::KeepPolicy policy;
  const auto count = [](std::uint32_t n) { return static_cast<int>(n); };
  policy.last = count(retention.keep_last);
  policy.hourly = count(retention.keep_hourly);
  policy.daily = count(retention.keep_daily);
  policy.weekly = count(retention.keep_weekly);
  policy.monthly = count(retention.keep_monthly);
  policy.yearly = count(retention.keep_yearly);
  return policy;
}

}  // namespace enamel::service
