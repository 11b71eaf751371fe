#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "service/settings.h"

namespace enamel::service {

// The secrets that a person may set while the service runs, each in a file of mode 0600 beside the
// configuration ("enamel.database-password" beside enamel.toml) that the configuration names.
enum class SecretName { kDatabase, kSmtp, kWebhookUrl, kPingUrl };
std::optional<SecretName> secretNameOf(
    std::string_view text);  // "database", "smtp", "webhook_url", "ping_url"

// Writes the file, whole and durable, and then names it in the configuration, instead of what stood there; an
// empty value takes both away. Throws kUsage, saying nothing of the value, for one that cannot be: longer
// than kSecretBytesMax, with control characters, no web address where one must be; and what
// Settings::change() throws.
void setSecret(Settings& settings, SecretName name, const std::string& value);
inline constexpr std::size_t kSecretBytesMax = 1024;

// Where a secret of that kind is kept: "repository-password" beside "/etc/enamel/enamel.toml" is
// "/etc/enamel/enamel.repository-password".
std::filesystem::path secretFile(const std::filesystem::path& config_file, std::string_view kind);

// The text and a line's end as such a file.
void writeSecret(const std::filesystem::path& file, std::string_view text);

}  // namespace enamel::service
