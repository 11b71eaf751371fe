#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/key_cost.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/password.h"
#include "repository/key_file.h"

namespace enamel::cli {
namespace {

constexpr std::uint64_t kKeyFileMax = 1 << 20;

struct KeyAddOptions {
  std::string new_password_file;
  bool cheap_key = false;
};

int runAdd(Context& context, const KeyAddOptions& options) {
  const OpenRepository repository = openRepository(context);
  const std::string password =
      newPasswordFrom(context, options.new_password_file, "New, additional password for the repository");
  const KeyCost cost = keyCost(context, options.cheap_key);
  const repository::KeyId id = repository->addKey(password, cost.parameters);
  warnOfCheapKey(context, cost);
  if (context.shared.json) {
    printJson(context.out, {{"message_type", "key_added"}, {"id", id.hex()}});
  } else {
    context.out << "added key " << id.shortHex() << "; the earlier passwords go on working\n";
  }
  return 0;
}

int runList(Context& context) {
  const OpenRepository repository = openRepository(context);
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  Table table({"ID", "User", "Host", "Created"});
  for (const storage::FileInfo& file : repository.storage->list(storage::FileType::kKey)) {
    const Bytes json = repository.storage->get({storage::FileType::kKey, file.name}, kKeyFileMax);
    const repository::KeyFile key = repository::decodeKeyFile(json, "key " + file.name);
    list.push_back({{"id", file.name},
                    {"userName", key.username},
                    {"hostName", key.hostname},
                    {"created", formatRfc3339(key.created)}});
    table.add(
        {file.name.substr(0, 8), printable(key.username), printable(key.hostname), formatLocal(key.created)});
  }
  if (context.shared.json) {
    printJson(context.out, list);
  } else {
    context.out << table.text();
  }
  return 0;
}

}  // namespace

void addKeyCommand(CLI::App& app, Context& context) {
  CLI::App* group = newCommandGroup(app, "key", "List or add passwords that open a repository");

  CLI::App* list = newCommand(*group, context,
                              {.name = "list",
                               .summary = "List the repository's keys, one for each password",
                               .examples = "enamel key list -r /backup/practice"},
                              [&context] { return runList(context); });
  addRepositoryOptions(*list, context);
  addOutputOptions(*list, context);

  auto options = std::make_shared<KeyAddOptions>();
  CLI::App* add = newCommand(
      *group, context,
      {.name = "add",
       .summary = "Add a password, such as the practice owner's",
       .examples = "enamel key add -r /backup/practice\n"
                   "enamel key add -r /backup/practice --new-password-file /media/usb/owner-password"},
      [&context, options] { return runAdd(context, *options); });
  addRepositoryOptions(*add, context);
  add->add_option("--new-password-file", options->new_password_file,
                  "File that holds the new password; else it is asked for")
      ->type_name("FILE");
  addOutputOptions(*add, context);
  addCheapKeyOption(*add, options->cheap_key);
}

}  // namespace enamel::cli
