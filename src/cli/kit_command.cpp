#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "base/error.h"
#include "base/file.h"
#include "base/printable.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/kit_words.h"
#include "cli/service_options.h"
#include "service/setup.h"

namespace enamel::cli {

bool askForKitWords(const Context& context, service::Setup& setup) {
  if (!context.read_answer) return false;
  while (true) {
    std::vector<std::pair<std::size_t, std::string>> words;
    for (const std::size_t position : setup.challenge()) {
      const auto word = context.read_answer("Word " + std::to_string(position) + " of the kit: ");
      if (!word) return false;
      words.emplace_back(position, *word);
    }
    if (setup.confirm(words)) return true;
    context.err << "That is not what the kit says. Once more, with other words.\n";
  }
}

void writeKit(const service::Setup& setup, const std::string& file) {
  const std::string pdf = setup.kitPdf();
  const ByteView part = asBytes(pdf);
  writeFileDurably(file, {&part, 1}, 0600, IfThere::kFail);
}

namespace {

struct KitCommand {
  std::string config = kDefaultConfigFile;
  std::string state = kDefaultStateFolder;
  std::string output = "enamel-recovery-kit.pdf";
  bool confirm = false;
};

int runKit(Context& context, const KitCommand& command) {
  service::Settings settings(service::loadConfig(command.config), command.config);
  service::Setup setup(settings, command.state);
  if (command.confirm) {
    if (!askForKitWords(context, setup))
      throw Error(ErrorCode::kCancelled, "the words of the recovery kit were not entered");
    context.out << "The recovery kit is confirmed.\n";
    return 0;
  }
  writeKit(setup, command.output);
  context.out << printable(command.output)
              << " is written. Print it, keep it outside of the practice, and remove the file.\n";
  return 0;
}

}  // namespace

void addKitCommand(CLI::App& app, Context& context) {
  auto options = std::make_shared<KitCommand>();
  CLI::App* command =
      newCommand(app, context,
                 {.name = "kit",
                  .summary = "Write the recovery kit, the backups' password for paper, or enter words of it",
                  .examples = "enamel kit\nenamel kit --output /media/usb/kit.pdf\nenamel kit --confirm"},
                 [&context, options] { return runKit(context, *options); });
  addConfigOption(*command, options->config);
  addStateOption(*command, options->state);
  command->add_option("--output", options->output, "The PDF to write; must not be there yet")
      ->type_name("FILE")
      ->capture_default_str();
  command->add_flag("--confirm", options->confirm,
                    "Ask for some of the words instead, to see that the kit is at hand");
}

}  // namespace enamel::cli
