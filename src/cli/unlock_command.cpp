#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/open.h"
#include "cli/output.h"
#include "repository/lock.h"

namespace enamel::cli {
namespace {

int runUnlock(Context& context, bool all) {
  const OpenRepository repository = openRepository(context);
  const std::size_t removed = repository::removeLocks(*repository, all);
  if (context.shared.json) {
    printJson(context.out, {{"message_type", "summary"}, {"locks_removed", removed}});
  } else {
    context.out << "removed " << formatCount(removed, "lock") << '\n';
  }
  return 0;
}

}  // namespace

void addUnlockCommand(CLI::App& app, Context& context) {
  auto all = std::make_shared<bool>(false);
  CLI::App* command = newCommand(app, context,
                                 {.name = "unlock",
                                  .summary = "Remove locks that programs which are gone left behind",
                                  .examples = "enamel unlock -r /backup/practice"},
                                 [&context, all] { return runUnlock(context, *all); });
  addRepositoryOptions(*command, context);
  command->add_flag("--remove-all", *all,
                    "Remove every lock; only where it is certain that nobody works with the repository");
  addOutputOptions(*command, context);
}

}  // namespace enamel::cli
