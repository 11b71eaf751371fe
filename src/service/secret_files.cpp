#include "service/secret_files.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/file.h"
#include "service/config_rules.h"

namespace enamel::service {
namespace {

struct Kind {
  SecretName name;
  std::string_view text;
  std::string_view file;
  std::string& (*key)(Config& config);
  void (*forget_clear)(Config& config);
};

void nothing(Config&) {}

constexpr std::array kKinds = {
    Kind{SecretName::kDatabase, "database", "database-password",
         [](Config& c) -> std::string& { return c.database.password_file; }, nothing},
    Kind{SecretName::kSmtp, "smtp", "smtp-password",
         [](Config& c) -> std::string& { return c.alerts.smtp.password_file; }, nothing},
    Kind{SecretName::kWebhookUrl, "webhook_url", "webhook-url",
         [](Config& c) -> std::string& { return c.alerts.webhook_url_file; },
         [](Config& c) { c.alerts.webhook_url.clear(); }},
    Kind{SecretName::kPingUrl, "ping_url", "ping-url",
         [](Config& c) -> std::string& { return c.alerts.ping_url_file; },
         [](Config& c) { c.alerts.ping_url.clear(); }}};

const Kind& kindOf(SecretName name) {
  const auto* const found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& kind) { return kind.name == name; });
  ENAMEL_CHECK(found != kKinds.end());
  return *found;
}

void check(SecretName name, const std::string& value) {
  const bool is_address = name == SecretName::kWebhookUrl || name == SecretName::kPingUrl;
  Complaint complaint = complaintOf(is_address ? TextRule::kWebUrl : TextRule::kText, value);
  if (value.size() > kSecretBytesMax)
    complaint = {"is longer than " + std::to_string(kSecretBytesMax) + " bytes", ""};
  if (!complaint.what.empty()) throw Error(ErrorCode::kUsage, "value " + complaint.what, complaint.hint);
}

}  // namespace

std::optional<SecretName> secretNameOf(std::string_view text) {
  for (const Kind& kind : kKinds)
    if (kind.text == text) return kind.name;
  return std::nullopt;
}

void setSecret(Settings& settings, SecretName name, const std::string& value) {
  check(name, value);
  const Kind& kind = kindOf(name);
  if (settings.file().empty())
    throw Error(ErrorCode::kUsage, "there is no configuration that a secret could be kept beside");
  const std::filesystem::path file = secretFile(settings.file(), kind.file);
  settings.change([&](Config& config) {
    if (!value.empty()) writeSecret(file, value);
    kind.key(config) = value.empty() ? "" : file.string();
    kind.forget_clear(config);
  });
  std::error_code error;  // a file that stays is as secret as it was
  if (value.empty()) std::filesystem::remove(file, error);
}

std::filesystem::path secretFile(const std::filesystem::path& config_file, std::string_view kind) {
  const std::filesystem::path file = std::filesystem::absolute(config_file).lexically_normal();
  return file.parent_path() / (file.stem().string() + "." + std::string(kind));
}

void writeSecret(const std::filesystem::path& file, std::string_view text) {
  const std::array<ByteView, 2> parts = {asBytes(text), asBytes(std::string_view("\n"))};
  writeFileDurably(file, parts, 0600);
}

}  // namespace enamel::service
