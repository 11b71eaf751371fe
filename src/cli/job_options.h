#pragma once

#include <cstddef>
#include <string>

#include "mariadb/url.h"

#include "cli/context.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace enamel::cli {

// A database named on the command line.
struct DatabaseOption {
  std::string url, password_file, data_folder;
  bool given() const { return !url.empty(); }
};
// NAME URL (such as "--database"), --database-password-file and --data-folder. option must outlive the
// command.
void addDatabaseOptions(CLI::App& command, const std::string& name, const std::string& description,
                        DatabaseOption& option);
// The server to talk to, with its password. REQUIRES: option.given().
mariadb::Address addressOf(const Context& context, const DatabaseOption& option);

// --threads N; 0 if not given.
void addThreadsOption(CLI::App& command, std::size_t& threads);

}  // namespace enamel::cli
