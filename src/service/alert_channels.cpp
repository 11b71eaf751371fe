#include "service/alert_channels.h"

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "base/file.h"
#include "base/printable.h"
#include "crypto/secret.h"
#include "http/client.h"
#include "mail/sender.h"
#include "service/alert_addresses.h"
#include "service/alert_message.h"

namespace enamel::service {
namespace {

constexpr std::chrono::seconds kTotalTime{30};
constexpr std::uint64_t kAnswerBytesMax = 256U << 10;
constexpr std::uint64_t kSecretBytesMax = 4096;
constexpr int kPingRedirectsMax = 3;

// "https://host:8443", of an address that the configuration's rules let pass.
std::string originOf(const std::string& url) {
  const std::size_t host = url.find("://");
  return host == std::string::npos ? std::string("the address")
                                   : url.substr(0, url.find_first_of("/?#", host + 3));
}

// The client's errors name scheme, host, port and path, and the path of a chat service's address is its
// password.
Error withoutPath(const Error& error, const std::string& what, const std::string& url) {
  const std::string_view text = error.what();
  const std::size_t words = text.find(": ");
  return Error(error.code(),
               what + " at " + printable(originOf(url)) + ": " +
                   (words == std::string_view::npos ? "the request was not answered"
                                                    : std::string(text.substr(words + 2))),
               error.hint());
}

void request(const Config& config, const std::string& what, http::ClientRequest request,
             const CancelToken& cancel) {
  request.total_time = kTotalTime;
  request.response_bytes_max = kAnswerBytesMax;
  int status = 0;
  try {
    http::Client client({.ca_file = config.alerts.ca_file, .proxy = {}, .user_agent = "enamel"});
    status = client.send(request, cancel).status;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled) throw;
    throw withoutPath(error, what, request.url);
  }
  if (status < 200 || status > 299)
    throw Error(
        ErrorCode::kIo,
        what + " at " + printable(originOf(request.url)) + " answered with status " + std::to_string(status),
        "check the address in the section [alerts]");
}

void callWebhook(const Config& config, std::string body, const CancelToken& cancel) {
  http::ClientRequest call;
  call.method = "POST";
  call.url = webhookUrl(config);
  call.headers.set("Content-Type", "application/json");
  call.body = std::move(body);
  request(config, "the webhook", std::move(call), cancel);
}

std::string passwordFrom(const std::string& file) {
  Bytes bytes = readFile(file, kSecretBytesMax);
  std::string password(asText(bytes));
  crypto::wipe(bytes);
  password.erase(password.find_last_not_of("\r\n") + 1);
  return password;
}

mail::Server serverOf(const Config& config) {
  const Config::Smtp& smtp = config.alerts.smtp;
  const bool tls = smtp.security.empty() ? smtp.port == 465 : smtp.security == "tls";
  mail::Server server;
  server.host = smtp.host;
  server.port = static_cast<std::uint16_t>(smtp.port);
  server.security = smtp.security == "none" ? mail::Security::kNone
                    : tls                   ? mail::Security::kTls
                                            : mail::Security::kStartTls;
  server.user = smtp.user;
  server.ca_file = config.alerts.ca_file;
  server.total_time = kTotalTime;
  if (!smtp.user.empty()) server.password = passwordFrom(smtp.password_file);
  return server;
}

std::string newMessageId() {
  Bytes random(16);
  randomBytes(random);
  return "enamel." + toHex(random);
}

std::vector<std::string> sendMails(const Config& config, const std::string& subject, const std::string& body,
                                   Timestamp now, const CancelToken& cancel) {
  const Config::Smtp& smtp = config.alerts.smtp;
  mail::Server server = serverOf(config);
  std::vector<std::string> refused;
  std::optional<Error> last;
  // One each: a wrong address must not keep the others from being told.
  for (const std::string& to : smtp.to) {
    try {
      mail::send(server,
                 {.from_name = config.practice.name.empty() ? "Enamel" : "Enamel, " + config.practice.name,
                  .from = smtp.from,
                  .to = to,
                  .subject = subject,
                  .body = body,
                  .date = now,
                  .id = newMessageId()},
                 cancel);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kCancelled) throw;
      refused.push_back("no mail to " + printable(to) + ": " + error.what());
      last = error;
      // What keeps one from the server keeps all from it, and each would wait as long.
      if (error.code() == ErrorCode::kUnreachable || error.code() == ErrorCode::kPermission) break;
    }
  }
  crypto::wipe({reinterpret_cast<std::uint8_t*>(server.password.data()), server.password.size()});
  if (last && (refused.size() == smtp.to.size() || last->code() == ErrorCode::kUnreachable ||
               last->code() == ErrorCode::kPermission))
    throw *last;
  return refused;
}

[[noreturn]] void notSetUp(const std::string& channel) {
  throw Error(ErrorCode::kUsage, "no " + channel + " is set up",
              "set it in the section [alerts] of the configuration");
}

}  // namespace

std::vector<std::string> channelsOf(const Config& config) {
  std::vector<std::string> channels;
  if (!config.alerts.smtp.host.empty()) channels.emplace_back(kEmailChannel);
  if (!config.alerts.webhook_url.empty() || !config.alerts.webhook_url_file.empty())
    channels.emplace_back(kWebhookChannel);
  return channels;
}

bool isPingSetUp(const Config& config) {
  return !config.alerts.ping_url.empty() || !config.alerts.ping_url_file.empty();
}

std::vector<std::string> deliver(const std::string& channel, const Config& config,
                                 const std::vector<DueNews>& news, const TimeZone& zone, Timestamp now,
                                 const CancelToken& cancel) {
  const std::vector<std::string> channels = channelsOf(config);
  if (std::find(channels.begin(), channels.end(), channel) == channels.end()) notSetUp(channel);
  const std::string& practice = config.practice.name;
  if (channel == kEmailChannel)
    return sendMails(config, newsSubject(practice, news), newsText(practice, news, zone), now, cancel);
  callWebhook(config, newsJson(practice, news, zone, now), cancel);
  return {};
}

void deliverPing(const Config& config, PingOutcome outcome, const CancelToken& cancel) {
  if (!isPingSetUp(config)) notSetUp(kPingChannel);
  http::ClientRequest call;
  call.url = pingUrl(config);
  call.redirects_max = kPingRedirectsMax;
  if (outcome == PingOutcome::kNotComplete) {
    const std::size_t end = std::min(call.url.find_first_of("?#"), call.url.size());
    call.url.insert(end, end > 0 && call.url[end - 1] == '/' ? "fail" : "/fail");
  }
  request(config, "the ping address", std::move(call), cancel);
}

}  // namespace enamel::service
