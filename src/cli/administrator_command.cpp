#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <memory>
#include <ostream>

#include "base/error.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/password.h"
#include "cli/service_options.h"
#include "service/administrator.h"
#include "service/service.h"

namespace enamel::cli {
namespace {

struct AdministratorCommand {
  std::string state = kDefaultStateFolder;
  std::string name = "administrator";
  std::string password_file;
};

int runAdministrator(Context& context, const AdministratorCommand& command) {
  if (::mkdir(command.state.c_str(), 0700) != 0 && errno != EEXIST)
    throw systemError("make the state folder " + command.state, errno);
  const service::Administrator administrator(service::administratorFile(command.state));
  std::string password =
      newPasswordFrom(context, command.password_file, "Password of the local administrator");
  administrator.set(command.name, asBytes(password));
  explicit_bzero(password.data(), password.size());
  // By root for a service that runs as a user of its own.
  struct stat st {};
  const std::string file = service::administratorFile(command.state).string();
  if (::stat(command.state.c_str(), &st) != 0 ||
      (::geteuid() == 0 && ::lchown(file.c_str(), st.st_uid, st.st_gid) != 0))
    throw systemError("give " + file + " to the owner of " + command.state, errno);
  context.out << "The page's local administrator is " << command.name << ".\n";
  return 0;
}

}  // namespace

void addAdministratorCommand(CLI::App& app, Context& context) {
  auto options = std::make_shared<AdministratorCommand>();
  CLI::App* command = newCommand(
      app, context,
      {.name = "administrator",
       .summary = "Set the password of the page's local administrator, who gets in without the database",
       .examples = "enamel administrator\n"
                   "enamel administrator --name emergency --new-password-file ./new-password"},
      [&context, options] { return runAdministrator(context, *options); });
  addStateOption(*command, options->state);
  command->add_option("--name", options->name, "The administrator's user name")
      ->type_name("NAME")
      ->capture_default_str();
  command
      ->add_option("--new-password-file", options->password_file,
                   "A file that holds the new password; else it is asked for")
      ->type_name("FILE");
}

}  // namespace enamel::cli
