// `enamel setup`: the page's wizard for a terminal, over the same service::Setup; options answer questions
// beforehand, so that a script can do all but the words of the recovery kit.

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>

#include "base/error.h"
#include "base/printable.h"
#include "base/trim.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/kit_words.h"
#include "cli/password.h"
#include "cli/service_options.h"
#include "cli/windows_guide.h"
#include "jobs/open_repository.h"
#include "jobs/probe_database.h"
#include "jobs/probe_destination.h"
#include "jobs/probe_images.h"
#include "opendental/free_dental_config.h"
#include "service/config_texts.h"
#include "service/setup.h"
#include "service/state_folder.h"

namespace enamel::cli {
namespace {

namespace fs = std::filesystem;

struct SetupCommand {
  std::string config = kDefaultConfigFile;
  std::string state = kDefaultStateFolder;
  std::optional<std::string> practice, database, data_folder, images, repository, times;
  std::string database_password_file, free_dental_config;
  std::string administrator = "administrator", administrator_password_file;
  std::string kit = "enamel-recovery-kit.pdf";
  bool guide = false;
};

// Files that the wizard writes belong to who runs it, and the service must be able to read them.
void makeFolder(const fs::path& folder, mode_t mode) {
  if (::mkdir(folder.c_str(), mode) != 0 && errno != EEXIST)
    throw systemError("make the folder " + folder.string(), errno);
  struct stat st {};
  if (::stat(folder.c_str(), &st) != 0) throw systemError(folder.string(), errno);
  if (::geteuid() == 0 && st.st_uid != 0)
    throw Error(ErrorCode::kUsage,
                folder.string() + " belongs to another user, who could not read what root writes into it",
                "run it as that user: sudo -u '#" + std::to_string(st.st_uid) + "' enamel setup");
}

class Wizard {
 public:
  Wizard(Context& context, const SetupCommand& command, service::Settings& settings, service::Setup& setup)
      : context_(context), command_(command), settings_(settings), setup_(setup) {}

  void run() {
    setup_.begin();
    askForDatabase();
    askForImages();
    askForRepository();
    askForPracticeAndTimes();
    askForAdministrator();
    finishWithKit();
  }

 private:
  // The option's value, or what the person answers; an empty answer is the proposal.
  std::string ask(const std::optional<std::string>& option, const std::string& question,
                  const std::string& proposal, const char* option_name) const {
    if (option) return *option;
    const std::string prompt = question + (proposal.empty() ? "" : " [" + printable(proposal) + "]") + ": ";
    const auto answer = context_.read_answer ? context_.read_answer(prompt) : std::nullopt;
    if (!answer)
      throw Error(ErrorCode::kUsage, "nobody answers: " + question,
                  std::string("answer on a terminal, or give ") + option_name);
    const std::string text(trimmed(*answer));
    return text.empty() ? proposal : text;
  }

  void heading(const char* text) const { context_.out << '\n' << text << '\n'; }
  void tell(const std::string& text) const { context_.out << "  " << printable(text) << '\n'; }
  void tell(const std::vector<jobs::ProbeProblem>& problems) const {
    for (const jobs::ProbeProblem& problem : problems) {
      tell("! " + problem.message);
      if (!problem.hint.empty()) tell("  " + problem.hint);
    }
  }

  // Whether to go on with something doubtful. An option is an answer already.
  bool isWanted(const std::optional<std::string>& option, const std::string& question) const {
    if (option) return true;
    const std::string answer = ask({}, question + " (yes/no)", "no", "it as an option");
    return answer == "y" || answer == "yes";
  }

  std::string proposedDatabase() const {
    const std::string set = settings_.current()->database.url;
    if (!set.empty() || command_.free_dental_config.empty()) return set;
    const auto found = opendental::readFreeDentalConfig(command_.free_dental_config);
    return found.address.display();
  }

  std::string databasePassword(const std::string& url) const {
    const auto config = settings_.current();
    if (!command_.database_password_file.empty())
      return jobs::withPasswordFrom(command_.database_password_file, {}).password;
    if (service::isSameAccount(url, config->database.url) && !config->database.password_file.empty())
      return jobs::withPasswordFrom(config->database.password_file, {}).password;
    return !command_.database && context_.ask_secret
               ? context_.ask_secret("Password of that account (empty: none): ")
               : std::string();
  }

  void askForDatabase() {
    heading("1. The database of Open Dental");
    while (true) {
      const std::string url = ask(command_.database, "Where it is, mariadb://USER@HOST/NAME (- for none)",
                                  proposedDatabase(), "--database URL");
      if (url.empty() || url == "-") return;
      try {
        if (lookAtDatabase(url)) return;
      } catch (const Error& error) {
        if (command_.database || error.code() == ErrorCode::kCancelled) throw;
        tell("! " + std::string(error.what()));
        if (!error.hint().empty()) tell("  " + error.hint());
        continue;
      }
      if (command_.database)
        throw Error(ErrorCode::kDatabaseUnreachable, "the database cannot be used as it is", "see above");
    }
  }

  // False: nothing was saved.
  bool lookAtDatabase(const std::string& url) {
    mariadb::Address address = mariadb::parseAddress(url);
    if (!address.password.empty())
      throw Error(ErrorCode::kUsage, "the address holds a password", "leave it out: it is asked for");
    address.password = databasePassword(url);
    std::string data_folder = command_.data_folder.value_or(settings_.current()->database.data_folder);
    jobs::DatabaseProbe probe = jobs::probeDatabase(address, data_folder, context_.cancel);
    tellOf(probe);
    if (!probe.reachable || address.database.empty()) return false;
    const bool is_blind = !probe.data_folder_found && probe.engines.count("MyISAM") != 0;
    if (is_blind && !command_.data_folder) {
      tell("How to mount the folders of a Windows server: enamel setup --guide");
      data_folder = ask(command_.database ? std::optional(data_folder) : std::nullopt,
                        "The server's data folder, as mounted here (- for none)", "-", "--data-folder DIR");
      if (data_folder == "-") data_folder.clear();
      if (!data_folder.empty()) {
        probe = jobs::probeDatabase(address, data_folder, context_.cancel);
        if (!probe.data_folder_found) tell(probe.problems);
      }
    }
    if (!probe.readable && !isWanted({}, "Keep it all the same, and give the rights later?")) return false;
    setup_.saveDatabase(url, address.password, data_folder);
    explicit_bzero(address.password.data(), address.password.size());
    practice_title_ = probe.practice_title;
    image_candidates_ = probe.local_path_candidates;
    doc_path_ = probe.doc_path.value_or("");
    return true;
  }

  void tellOf(const jobs::DatabaseProbe& probe) const {
    if (probe.reachable) tell("Server: " + probe.server_version);
    if (!probe.database_version.empty())
      tell("Practice: " + (probe.practice_title.empty() ? "(without a title)" : probe.practice_title) +
           ", Open Dental " + probe.program_version);
    if (probe.tables != 0)
      tell(std::to_string(probe.tables) + " tables, " + formatSize(probe.bytes) + " of rows");
    if (probe.data_folder_found) tell("Table files are read from " + probe.data_folder);
    if (!probe.missing_grants.empty()) {
      tell("! Rights are missing. On the server, as its administrator:");
      for (const std::string& grant : probe.missing_grants) tell("    " + grant + ";");
    }
    tell(probe.problems);
  }

  void askForImages() {
    heading("2. The image folder (A to Z folder)");
    if (!doc_path_.empty()) tell("Open Dental's workstations know it as " + doc_path_);
    const std::string set = settings_.current()->images.path;
    const std::string proposal = !set.empty()                ? set
                                 : image_candidates_.empty() ? ""
                                                             : image_candidates_.front();
    while (true) {
      const std::string path =
          ask(command_.images, "Where it is on this computer (- for none)", proposal, "--images DIR");
      if (path.empty() || path == "-") return;
      std::optional<mariadb::Address> database;
      const auto config = settings_.current();
      if (!config->database.url.empty()) {
        database = mariadb::parseAddress(config->database.url);
        if (!config->database.password_file.empty())
          database = jobs::withPasswordFrom(config->database.password_file, std::move(*database));
      }
      const jobs::ImagesProbe probe = jobs::probeImages(path, database, context_.cancel);
      if (probe.documents_checked != 0)
        tell(fmt::format("{} of the {} newest documents have their file here", probe.documents_found,
                         probe.documents_checked));
      tell(probe.problems);
      if (probe.exists && (probe.problems.empty() || isWanted(command_.images, "Use it all the same?")))
        return setup_.saveImages(fs::absolute(path).lexically_normal());
      if (command_.images) throw Error(ErrorCode::kNotFound, "the image folder cannot be used", "see above");
    }
  }

  void askForRepository() {
    heading("3. Where the backups are kept");
    if (const auto config = settings_.current();
        !config->repository.path.empty() && !config->repository.password_file.empty())
      return tell("They are in " + config->repository.path);
    while (true) {
      const std::string path =
          ask(command_.repository, "A folder, best on another disk", "/backup/enamel", "--repository DIR");
      const jobs::DestinationProbe probe =
          jobs::probeDestination(path, service::Setup::sourceFolders(*settings_.current()), context_.cancel);
      tell("Free: " + formatSize(probe.free) + " of " + formatSize(probe.total));
      if (probe.write_mb_s) tell(fmt::format("It takes {:.0f} MB a second", *probe.write_mb_s));
      tell(probe.problems);
      const bool fits = probe.writable && probe.write_mb_s && (probe.empty || probe.is_repository);
      if (fits && (probe.problems.empty() || isWanted(command_.repository, "Use it all the same?"))) {
        std::string password;
        if (probe.is_repository && context_.ask_secret)
          password = context_.ask_secret("There are backups already. Their password: ");
        tell("Repository " + setup_.makeRepository(path, password).substr(0, 10) + " is ready");
        return;
      }
      if (command_.repository)
        throw Error(ErrorCode::kUsage, path + " cannot be used for backups", "see above");
    }
  }

  void askForPracticeAndTimes() {
    heading("4. The practice, and when");
    const auto config = settings_.current();
    const std::string name =
        ask(command_.practice, "The practice's name",
            config->practice.name.empty() ? practice_title_ : config->practice.name, "--practice NAME");
    std::string proposal;
    for (const std::string& time : service::textsOf(config->schedule.times))
      proposal += (proposal.empty() ? "" : ",") + time;
    while (true) {
      const std::string answer = ask(command_.times, "Backups every day at", proposal, "--times HH:MM,HH:MM");
      const auto times = service::timesOf(CLI::detail::split(answer, ','));
      if (times) {
        settings_.change([&](service::Config& changed) {
          changed.practice.name = name;
          changed.schedule.times = *times;
        });
        return;
      }
      if (command_.times) throw Error(ErrorCode::kUsage, "--times has to be like 12:30,20:00");
      tell("! Write it as 12:30,20:00");
    }
  }

  void askForAdministrator() {
    heading("5. The local administrator, who gets into the page also while the database is down");
    for (const service::Setup::Step& step : setup_.steps())
      if (std::string_view(step.name) == "administrator" && step.done) return tell("There is one.");
    while (true) {
      std::string password = newPasswordFrom(context_, command_.administrator_password_file,
                                             "Password of " + command_.administrator);
      try {
        setup_.setAdministrator(command_.administrator, asBytes(password));
        explicit_bzero(password.data(), password.size());
        return tell(command_.administrator + " may sign in.");
      } catch (const Error& error) {
        if (!command_.administrator_password_file.empty() || error.code() != ErrorCode::kUsage) throw;
        tell("! " + std::string(error.what()));
      }
    }
  }

  void finishWithKit() {
    heading("6. The recovery kit");
    if (!setup_.isKitConfirmed()) {
      writeKit(setup_, command_.kit);
      tell(command_.kit +
           " is written. Print it now, keep it outside of the practice, then remove the file.");
      tell("Set-up is complete when you have entered some of its words.");
      if (!askForKitWords(context_, setup_))
        throw Error(ErrorCode::kUsage, "set-up is not finished: no words of the recovery kit were entered",
                    "print the kit, then run: enamel kit --confirm; enamel setup goes on from there");
    }
    setup_.finish();
    context_.out << "\nSet-up is finished; " << printable(command_.config)
                 << " holds it all, with a comment on every key.\n"
                    "Now: sudo systemctl enable --now enamel   (or: enamel serve)\n"
                    "Who is told when something goes wrong is set on the page, or in the section [alerts].\n";
  }

  Context& context_;
  const SetupCommand& command_;
  service::Settings& settings_;
  service::Setup& setup_;
  std::string practice_title_, doc_path_;
  std::vector<std::string> image_candidates_;
};

int runSetup(Context& context, const SetupCommand& command) {
  if (command.guide) {
    WindowsGuide guide;
    if (!command.free_dental_config.empty()) {
      const auto found = opendental::readFreeDentalConfig(command.free_dental_config);
      guide.server = found.address.host;
      guide.database = found.address.database;
    }
    context.out << windowsGuideText(guide);
    return 0;
  }
  const fs::path folder = fs::absolute(command.config).parent_path();
  makeFolder(folder, 0750);
  makeFolder(command.state, 0700);
  const service::StateFolder only_one(command.state);  // a service that runs has it: then its page is the way
  std::error_code error;
  service::Settings settings(
      fs::exists(command.config, error) ? service::loadConfig(command.config) : service::Config(),
      fs::absolute(command.config));
  const bool cheap = context.environment("ENAMEL_TEST_CHEAP_KDF").value_or("") == "1";
  service::Setup setup(settings, command.state,
                       cheap ? std::optional(repository::KdfParameters::cheap()) : std::nullopt);
  Wizard(context, command, settings, setup).run();
  return 0;
}

}  // namespace

void addSetupCommand(CLI::App& app, Context& context) {
  auto options = std::make_shared<SetupCommand>();
  CLI::App* command = newCommand(
      app, context,
      {.name = "setup",
       .summary = "Set up the backups of a practice, question by question",
       .examples =
           "sudo -u enamel enamel setup\n"
           "enamel setup --guide\n"
           "enamel setup --database mariadb://enamel@localhost/opendental --database-password-file ./db \\\n"
           "    --images /srv/OpenDentImages --repository /backup/enamel"},
      [&context, options] { return runSetup(context, *options); });
  addConfigOption(*command, options->config);
  addStateOption(*command, options->state);
  const auto add = [&](const char* name, auto& member, const char* text, const char* type) {
    command->add_option(name, member, text)->type_name(type);
  };
  add("--practice", options->practice, "The practice's name", "NAME");
  add("--database", options->database, "The database, mariadb://USER@HOST/NAME; - for none", "URL");
  add("--database-password-file", options->database_password_file, "File that holds that account's password",
      "FILE");
  add("--data-folder", options->data_folder, "The database server's data folder, as mounted here", "DIR");
  add("--images", options->images, "The image folder; - for none", "DIR");
  add("--repository", options->repository, "The folder that keeps the backups", "DIR");
  add("--times", options->times, "When backups are made every day: 12:30,20:00", "TIMES");
  add("--administrator", options->administrator, "The local administrator's user name", "NAME");
  add("--administrator-password-file", options->administrator_password_file,
      "File that holds the administrator's password", "FILE");
  add("--kit", options->kit, "Where the recovery kit is written", "FILE");
  add("--free-dental-config", options->free_dental_config,
      "A workstation's FreeDentalConfig.xml: proposes the database", "FILE");
  command->add_flag("--guide", options->guide, "Say how backups of a Windows server are pulled, and end");
}

}  // namespace enamel::cli
