#include "cli/job_options.h"

#include <CLI/CLI.hpp>

#include "cli/password.h"

namespace enamel::cli {

void addDatabaseOptions(CLI::App& command, const std::string& name, const std::string& description,
                        DatabaseOption& option) {
  CLI::Option* url = command.add_option(name, option.url, description)->type_name("URL");
  command
      .add_option("--database-password-file", option.password_file,
                  "File that holds the database user's password; safer than a password in the URL (or set "
                  "ENAMEL_DATABASE_PASSWORD_FILE)")
      ->type_name("FILE")
      ->needs(url);
  command
      .add_option(
          "--data-folder", option.data_folder,
          "The database server's data folder as seen from here, such as a mount of it; else the server "
          "is asked")
      ->type_name("DIR")
      ->needs(url);
}

mariadb::Address addressOf(const Context& context, const DatabaseOption& option) {
  return databaseAddress(context, option.url, option.password_file);
}

void addThreadsOption(CLI::App& command, std::size_t& threads) {
  command.add_option("--threads", threads, "Threads that do the work; else one a processor")
      ->type_name("N")
      ->check(CLI::Range(1, 256));
}

}  // namespace enamel::cli
