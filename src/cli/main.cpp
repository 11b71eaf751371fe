#include <unistd.h>

#include <iostream>
#include <string>
#include <vector>

#include "cli/app.h"
#include "cli/redact.h"
#include "cli/signals.h"
#include "cli/terminal.h"

int main(int argc, char** argv) {
  using namespace enamel;
  static CancelToken cancel;  // outlives the signal handlers
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  cli::scrubArguments(argc, argv);
  cli::installSignalHandlers(cancel);

  cli::Context context(std::cout, std::cerr, cli::processEnvironment(), cancel);
  context.terminal = cli::isTerminal(STDERR_FILENO);
  if (cli::isTerminal(STDIN_FILENO)) {
    context.ask_secret = [](const std::string& prompt) { return cli::askOnTerminal(prompt, cancel); };
    context.ask_line = [](const std::string& prompt) { return cli::askLineOnTerminal(prompt, cancel); };
  }
  context.read_answer = [](const std::string& prompt) { return cli::readAnswer(prompt, cancel); };
  return cli::runCommandLine(arguments, context);
}
