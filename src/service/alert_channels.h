#pragma once

#include <string>
#include <vector>

#include "base/cancel.h"
#include "service/alert_store.h"
#include "service/config.h"
#include "service/time_zone.h"

namespace enamel::service {

// The ways in which a practice is told, as its configuration says.
inline constexpr const char* kEmailChannel = "email";
inline constexpr const char* kWebhookChannel = "webhook";
inline constexpr const char* kPingChannel = "ping";

// Of "email" and "webhook", those that are set up.
std::vector<std::string> channelsOf(const Config& config);
bool isPingSetUp(const Config& config);

// What a backup that ended tells the ping address.
enum class PingOutcome { kComplete, kNotComplete };

// Tells by one channel ("email", "webhook"). Gives a line for each recipient of a mail that was refused while
// others got it. Throws Error if nobody got it: kUsage if the channel is not set up, kUnreachable,
// kPermission (sign-in at the mail server), kIo (refused, or any HTTP status but 200 to 299), kCancelled.
// Waits a minute a recipient at most. No text holds a secret: of web addresses, whose paths are secrets, only
// scheme, host and port.
std::vector<std::string> deliver(const std::string& channel, const Config& config,
                                 const std::vector<DueNews>& news, const TimeZone& zone, Timestamp now,
                                 const CancelToken& cancel);

// Calls the ping address, or with "/fail" after its path for what is not complete. Throws as deliver() does.
void deliverPing(const Config& config, PingOutcome outcome, const CancelToken& cancel);

}  // namespace enamel::service
