#include "cli/password.h"

#include <optional>
#include <utility>

#include "base/error.h"
#include "cli/password_command.h"
#include "jobs/open_repository.h"
#include "mariadb/url.h"

namespace enamel::cli {
namespace {

std::string checked(std::string password) {
  if (password.empty())
    throw Error(ErrorCode::kUsage, "the repository's password is empty",
                "an empty password protects nothing");
  return password;
}

// nullopt: a person must be asked.
std::optional<std::string> configuredPassword(const Context& context) {
  const Environment& environment = context.environment;
  if (!context.shared.password_file.empty())
    return jobs::repositoryPasswordFrom(context.shared.password_file);
  if (const auto file = environment("ENAMEL_PASSWORD_FILE")) return jobs::repositoryPasswordFrom(*file);
  if (const auto password = environment("ENAMEL_PASSWORD")) return *password;
  if (const auto file = environment("RESTIC_PASSWORD_FILE")) return jobs::repositoryPasswordFrom(*file);
  if (const auto password = environment("RESTIC_PASSWORD")) return *password;
  if (const auto command = environment("RESTIC_PASSWORD_COMMAND"))
    return jobs::trimmedPassword(commandOutput(splitWords(*command)));
  return std::nullopt;
}

std::string ask(const Context& context, const std::string& prompt) {
  if (!context.ask_secret)
    throw Error(ErrorCode::kUsage, "no password for the repository, and no terminal to ask on",
                "give --password-file FILE, or set ENAMEL_PASSWORD_FILE or ENAMEL_PASSWORD");
  return checked(context.ask_secret(prompt));
}

std::string askTwice(const Context& context, const std::string& prompt) {
  std::string password = ask(context, prompt + ": ");
  if (ask(context, prompt + " again: ") != password)
    throw Error(ErrorCode::kUsage, "the two passwords differ", "run the command again");
  return password;
}

}  // namespace

std::string repositoryPassword(const Context& context) {
  if (auto password = configuredPassword(context)) return checked(std::move(*password));
  return ask(context, "Password of the repository: ");
}

std::string newPassword(const Context& context, const std::string& prompt) {
  if (auto password = configuredPassword(context)) return checked(std::move(*password));
  return askTwice(context, prompt);
}

std::string newPasswordFrom(const Context& context, const std::string& file, const std::string& prompt) {
  if (!file.empty()) return jobs::repositoryPasswordFrom(file);
  if (!context.ask_secret)
    throw Error(ErrorCode::kUsage, "no new password was given, and there is no terminal to ask on",
                "give --new-password-file FILE");
  return askTwice(context, prompt);
}

mariadb::Address databaseAddress(const Context& context, const std::string& url,
                                 const std::string& password_file) {
  mariadb::Address address = mariadb::parseAddress(url);
  std::string file = password_file;
  if (file.empty() && address.password.empty())
    file = context.environment("ENAMEL_DATABASE_PASSWORD_FILE").value_or("");
  if (!file.empty()) return jobs::withPasswordFrom(file, std::move(address));
  return address;
}

}  // namespace enamel::cli
