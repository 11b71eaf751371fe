#include "service/config_rules.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.h"
#include "mail/sender.h"
#include "mariadb/url.h"

namespace enamel::service {
namespace {

constexpr std::size_t kTextBytesMax = 4096;
constexpr std::size_t kMailBytesMax = 254;  // RFC 5321
constexpr const char* kSecretHint =
    "write it into a file of its own that only the service may read (chmod 600), and name that file in a "
    "password_file key";

bool isControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool hasBlank(const std::string& text) {
  return text.find(' ') != std::string::npos;
}

Complaint ofDatabaseUrl(const std::string& url) {
  try {
    if (mariadb::parseAddress(url).password.empty()) return {};
    return {"holds a password", kSecretHint};
  } catch (const Error& error) {
    return {std::string("is wrong: ") + error.what(),
            "write it as \"mariadb://USER@HOST:PORT/NAME\", without the password"};
  }
}

Complaint ofWebUrl(const std::string& url) {
  const std::size_t scheme = url.rfind("https://", 0) == 0 ? 8 : url.rfind("http://", 0) == 0 ? 7 : 0;
  const std::string host = url.substr(scheme, url.find_first_of("/?#", scheme) - scheme);
  if (scheme == 0 || host.empty() || hasBlank(url))
    return {"must be a web address", "write it as \"https://HOST/PATH\""};
  if (host.find('@') != std::string::npos) return {"holds a user or a password", kSecretHint};
  return {};
}

Complaint ofMailAddress(const std::string& address) {
  const std::size_t at = address.find('@');
  const bool right = address.size() <= kMailBytesMax && !hasBlank(address) && at != 0 &&
                     at != std::string::npos && at + 1 < address.size() &&
                     address.find_first_of("<>,;\"") == std::string::npos;
  return right ? Complaint{} : Complaint{"must be one e-mail address", "write it as \"office@example.com\""};
}

bool isIpAddress(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(AF_INET, text.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), address.data()) == 1;
}

bool isLoopback(const std::string& address) {
  return address == "localhost" || address == "::1" || address.rfind("127.", 0) == 0;
}

Complaint ofHost(const std::string& host) {
  const bool right = isIpAddress(host) || std::all_of(host.begin(), host.end(), [](char c) {
                       return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              c == '.' || c == '-' || c == '_';
                     });
  return right ? Complaint{} : Complaint{"must be the name or the address of a computer", ""};
}

Complaint ofPath(const std::string& path) {
  if (path.front() == '/') return {};
  return {"must be a path from the root", "write it as \"/...\": a service has no current folder"};
}

}  // namespace

Complaint complaintOf(TextRule rule, const std::string& value) {
  if (value.empty()) return {};
  if (value.size() > kTextBytesMax) return {"is longer than " + std::to_string(kTextBytesMax) + " bytes", ""};
  if (std::any_of(value.begin(), value.end(), isControl)) return {"holds a control character", ""};
  switch (rule) {
    case TextRule::kText:
    case TextRule::kRelativeOrPath:
      return {};
    case TextRule::kPath:
    case TextRule::kPublicFile:
    case TextRule::kSecretFile:
      return ofPath(value);
    case TextRule::kDatabaseUrl:
      return ofDatabaseUrl(value);
    case TextRule::kWebUrl:
      return ofWebUrl(value);
    case TextRule::kHost:
      return ofHost(value);
    case TextRule::kIpAddress:
      if (value == "localhost" || isIpAddress(value)) return {};
      return {"must be an IP address of this computer",
              "127.0.0.1 is this computer alone, 0.0.0.0 all its networks"};
    case TextRule::kMailAddress:
      return ofMailAddress(value);
  }
  return {};
}

void checkTogether(const Config& config,
                   const std::function<void(const std::string& key, const Complaint& complaint)>& complain) {
  const Config::Listen& listen = config.listen;
  if (listen.address.empty())
    complain("listen.address", {"must not be empty", "127.0.0.1 is this computer alone"});
  if (listen.certificate.empty() != listen.key.empty())
    complain(listen.key.empty() ? "listen.key" : "listen.certificate",
             {"is missing: a certificate and its key go together", ""});
  if (!isLoopback(listen.address) && listen.certificate.empty())
    complain("listen.address",
             {"reaches beyond this computer, and passwords would cross the network in the clear",
              "set listen.certificate and listen.key, or listen on 127.0.0.1"});
  const Config::Alerts& alerts = config.alerts;
  if (!alerts.webhook_url.empty() && !alerts.webhook_url_file.empty())
    complain("alerts.webhook_url_file", {"and webhook_url are set: one of them", ""});
  if (!alerts.ping_url.empty() && !alerts.ping_url_file.empty())
    complain("alerts.ping_url_file", {"and ping_url are set: one of them", ""});
  const Config::Smtp& smtp = config.alerts.smtp;
  if (!smtp.host.empty() && smtp.from.empty())
    complain("alerts.smtp.from", {"is missing: who the mails are from", ""});
  if (!smtp.host.empty() && smtp.to.empty())
    complain("alerts.smtp.to", {"is missing: who gets the mails", ""});
  const bool known_security = smtp.security.empty() || smtp.security == "starttls" || smtp.security == "tls";
  if (!known_security && smtp.security != "none")
    complain("alerts.smtp.security", {"must be \"starttls\", \"tls\" or \"none\"", ""});
  if (smtp.security == "none" && !smtp.host.empty() && !mail::isThisComputer(smtp.host))
    complain("alerts.smtp.security",
             {"is \"none\", and the mail server is another computer", "mails cross a network by TLS only"});
  if (!smtp.user.empty() && smtp.password_file.empty())
    complain("alerts.smtp.password_file", {"is missing: the user's password", ""});
  if (!config.sign_in.open_dental && !config.sign_in.local_administrator)
    complain("sign_in.local_administrator", {"is false, and so is open_dental: nobody could sign in", ""});
}

std::vector<std::string> missingForBackup(const Config& config) {
  std::vector<std::string> missing;
  if (config.database.url.empty() && config.images.path.empty()) missing.emplace_back("database.url");
  if (config.repository.path.empty()) missing.emplace_back("repository.path");
  if (config.repository.password_file.empty()) missing.emplace_back("repository.password_file");
  return missing;
}

}  // namespace enamel::service
