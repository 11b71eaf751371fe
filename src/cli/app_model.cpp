#include "cli/app_model.h"

#include <CLI/CLI.hpp>

namespace enamel::cli {
namespace {

// CLI11 gives type and limits as one text, "TEXT:{rebuild,keep}" or "N:INT in [1 - 256]".
void readType(const std::string& type, OptionModel& option) {
  option.value = type.substr(0, type.find(':'));
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}', open);
  if (open == std::string::npos || close == std::string::npos) return;
  std::size_t begin = open + 1;
  while (begin <= close) {
    const std::size_t end = std::min(type.find(',', begin), close);
    option.choices.push_back(type.substr(begin, end - begin));
    begin = end + 1;
  }
}

OptionModel describeOption(const CLI::Option& from) {
  OptionModel option;
  option.positional = from.get_positional();
  for (const std::string& name : from.get_snames()) option.names.push_back("-" + name);
  for (const std::string& name : from.get_lnames()) option.names.push_back("--" + name);
  if (option.positional) option.names = {from.get_name(true)};
  if (from.get_items_expected_max() != 0) readType(from.get_type_name(), option);
  if (option.positional) option.value.clear();
  option.description = from.get_description();
  option.default_text = from.get_default_str();
  option.required = from.get_required();
  option.repeated = from.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
  return option;
}

}  // namespace

CommandModel describeApp(const CLI::App& app) {
  CommandModel command;
  command.needs_command = app.get_require_subcommand_min() > 0;
  command.name = app.get_name();
  command.summary = app.get_description();
  command.footer = app.get_footer();
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) command.options.push_back(describeOption(*option));
  }
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!child->get_group().empty()) command.commands.push_back(describeApp(*child));
  }
  return command;
}

}  // namespace enamel::cli
