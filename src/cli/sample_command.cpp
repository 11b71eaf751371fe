#include "cli/sample_command.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <thread>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/status.h"
#include "sample/front_desk.h"
#include "sample/practice.h"

namespace enamel::cli {
namespace {

constexpr auto kLookInterval = std::chrono::milliseconds(50);

void printPractice(const Context& context, const sample::Practice& practice) {
  if (context.shared.json) {
    printJson(context.out, {{"message_type", "practice"},
                            {"url", practice.url()},
                            {"images", practice.images.string()},
                            {"patients", practice.options.patients},
                            {"engine", sample::engineName(practice.options.engine)},
                            {"seed", practice.options.seed}});
    return;
  }
  if (practice.address) context.out << "database: " << practice.url() << '\n';
  context.out << "images:   " << practice.images.string() << '\n';
}

struct CreateCommand {
  std::string folder, engine = "myisam";
  sample::PracticeOptions practice;
};

int runCreate(Context& context, const CreateCommand& command) {
  sample::PracticeOptions options = command.practice;
  options.engine = sample::parseEngine(command.engine);
  Progress progress;
  sample::Practice practice;
  {
    const StatusDisplay display(context, progress);
    practice = sample::createPractice(command.folder, options, progress, context.cancel);
  }
  printPractice(context, practice);
  if (!context.shared.json && !practice.address && !context.shared.quiet) {
    context.out << "start it with: enamel sample start " << command.folder << '\n';
  }
  return 0;
}

void addCreate(CLI::App& group, Context& context) {
  auto options = std::make_shared<CreateCommand>();
  CLI::App* command =
      newCommand(group, context,
                 {"create", "Make a sample practice: database, image folder, invented patients",
                  "enamel sample create /srv/practice\n"
                  "enamel sample create /srv/big --patients 30000 --images-mb 2000"},
                 [&context, options] { return runCreate(context, *options); });
  command->add_option("DIR", options->folder, "A new or empty folder")->required();
  command->add_option("--patients", options->practice.patients, "How many; the tables grow with them")
      ->capture_default_str()
      ->type_name("N");
  command->add_option("--images-mb", options->practice.images_mb, "Size of the image folder in MB")
      ->capture_default_str()
      ->type_name("N");
  command->add_option("--engine", options->engine, "Of the tables: myisam, innodb or mixed")
      ->capture_default_str()
      ->check(CLI::IsMember({"myisam", "innodb", "mixed"}));
  command->add_option("--seed", options->practice.seed, "One seed makes one practice, everywhere the same")
      ->capture_default_str()
      ->type_name("N");
  addOutputOptions(*command, context);
}

void addStart(CLI::App& group, Context& context) {
  auto folder = std::make_shared<std::string>();
  CLI::App* command = newCommand(
      group, context,
      {"start", "Start a sample practice's database server; prints its address and the image folder",
       "enamel sample start /srv/practice"},
      [&context, folder] {
        const bool was_running = sample::openPractice(*folder).address.has_value();
        printPractice(context, sample::startPractice(*folder, {}, context.cancel));
        if (was_running && !context.shared.json) context.err << "it was running already\n";
        return 0;
      });
  command->add_option("DIR", *folder, "The practice's folder")->required();
  addOutputOptions(*command, context);
}

void addStop(CLI::App& group, Context& context) {
  auto folder = std::make_shared<std::string>();
  CLI::App* command =
      newCommand(group, context,
                 {"stop", "Stop a sample practice's database server", "enamel sample stop /srv/practice"},
                 [&context, folder] {
                   const bool was_running = sample::stopPractice(*folder);
                   if (!was_running && !context.shared.quiet) context.err << "it was not running\n";
                   return 0;
                 });
  command->add_option("DIR", *folder, "The practice's folder")->required();
  addOutputOptions(*command, context);
}

struct FrontDeskCommand {
  std::string folder;
  double seconds = 0;
  sample::FrontDesk::Options desk;
};

int runFrontDesk(Context& context, const FrontDeskCommand& command) {
  const sample::Practice practice = sample::openPractice(command.folder);
  if (!practice.address) {
    throw Error(ErrorCode::kDatabaseUnreachable, "the practice in " + command.folder + " does not run",
                "start it with: enamel sample start " + command.folder);
  }
  sample::FrontDesk desk(*practice.address, command.desk);
  const auto limit_us = static_cast<std::uint64_t>(command.seconds * 1e6);
  while (!context.cancel.cancelled() && desk.errors().size() < command.desk.clients &&
         (limit_us == 0 || desk.now() < limit_us)) {
    std::this_thread::sleep_for(kLookInterval);
  }
  const std::uint64_t end_us = desk.now();
  desk.stop();
  const sample::FrontDeskStats stats = desk.stats(0, end_us);
  const std::vector<std::string> errors = desk.errors();
  if (context.shared.json) {
    context.out << sample::statsJson(stats, command.desk.clients, errors) << std::endl;
  } else {
    context.out << sample::statsText(stats, command.desk.clients, errors) << std::flush;
  }
  return errors.empty() ? 0 : exitCode(ErrorCode::kDatabase);
}

void addFrontDesk(CLI::App& group, Context& context) {
  auto options = std::make_shared<FrontDeskCommand>();
  CLI::App* command = newCommand(
      group, context,
      {"front-desk", "Let clients work in a sample practice and measure how long their statements waited",
       "enamel sample front-desk /srv/practice --clients 8 --seconds 60"},
      [&context, options] { return runFrontDesk(context, *options); });
  command->add_option("DIR", options->folder, "The practice's folder; its server runs")->required();
  command->add_option("--clients", options->desk.clients, "How many people work at once")
      ->capture_default_str()
      ->check(CLI::Range(1, 150))
      ->type_name("N");
  command->add_option("--seconds", options->seconds, "How long; until interrupted if not given")
      ->check(CLI::Range(0.0, 1e9))
      ->type_name("N");
  command->add_option("--seed", options->desk.seed, "Of what they do")->capture_default_str()->type_name("N");
  addOutputOptions(*command, context);
}

}  // namespace

void addSampleCommand(CLI::App& app, Context& context) {
  CLI::App* group = newCommandGroup(app, "sample", "Make and run a sample practice with invented patients");
  addCreate(*group, context);
  addStart(*group, context);
  addStop(*group, context);
  addFrontDesk(*group, context);
}

}  // namespace enamel::cli
