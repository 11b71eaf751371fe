#include "service/setup.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/time.h"
#include "crypto/secret.h"
#include "jobs/open_repository.h"
#include "jobs/recovery_kit.h"
#include "jobs/recovery_words.h"
#include "mariadb/url.h"
#include "service/secret_files.h"
#include "service/service.h"

namespace enamel::service {
namespace {

constexpr std::uint64_t kProgressBytesMax = 64 << 10;
constexpr std::size_t kWordsAsked = 3;

std::string randomCode() {
  constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";  // none is taken for another
  std::array<std::uint8_t, 16> random{};
  randomBytes(random);
  std::string code;
  for (std::size_t i = 0; i < random.size(); ++i) {
    if (i != 0 && i % 4 == 0) code += '-';
    code += kLetters[random[i] % kLetters.size()];
  }
  return code;
}

std::string bareCode(std::string_view typed) {
  std::string bare;
  for (const char c : typed.substr(0, 100)) {
    if (c == ' ' || c == '-') continue;
    bare += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return bare;
}

std::size_t randomBelow(std::size_t count) {
  std::uint64_t random = 0;
  randomBytes({reinterpret_cast<std::uint8_t*>(&random), sizeof(random)});
  return static_cast<std::size_t>(random % count);  // which words are asked is no secret
}

std::string today() {
  return formatLocal(Clock::system().now()).substr(0, 10);
}

[[noreturn]] void noRepository() {
  throw Error(ErrorCode::kUsage, "no repository is set up yet", "choose the place for backups first");
}

}  // namespace

Setup::Setup(Settings& settings, std::filesystem::path state, std::optional<repository::KdfParameters> kdf)
    : settings_(settings),
      state_(std::move(state)),
      kdf_(kdf),
      administrator_(administratorFile(state_)),
      code_(randomCode()) {}

Setup::Progress Setup::progress() const {
  Progress progress;
  std::error_code error;
  const std::filesystem::path file = state_ / "setup.json";
  if (!std::filesystem::exists(file, error)) return progress;
  const auto object = nlohmann::json::parse(asText(readFile(file, kProgressBytesMax)), nullptr, false);
  if (!object.is_object()) return progress;  // then it begins anew; nothing of the configuration is lost
  const auto flag = [&](const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_boolean() && found->get<bool>();
  };
  progress.begun = flag("begun");
  progress.finished = flag("finished");
  if (const auto kit = object.find("kit_confirmed_for"); kit != object.end() && kit->is_string())
    progress.kit_confirmed_for = kit->get<std::string>();
  return progress;
}

void Setup::change(void (*edit)(Progress& progress, const Config& config)) {
  const auto config = settings_.current();
  const std::lock_guard lock(mutex_);
  Progress changed = progress();
  edit(changed, *config);
  const std::string text = nlohmann::json{{"begun", changed.begun},
                                          {"finished", changed.finished},
                                          {"kit_confirmed_for", changed.kit_confirmed_for}}
                               .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const ByteView part = asBytes(text);
  writeFileDurably(state_ / "setup.json", {&part, 1}, 0600);
}

bool Setup::isNeeded() const {
  const Progress now = progress();
  return !now.finished && (now.begun || !missingForBackup(*settings_.current()).empty());
}

bool Setup::isKitConfirmed() const {
  const std::string path = settings_.current()->repository.path;
  return !path.empty() && progress().kit_confirmed_for == path;
}

std::vector<Setup::Step> Setup::steps() const {
  const auto config = settings_.current();
  const Config::Alerts& alerts = config->alerts;
  const bool tells_somebody = !alerts.smtp.host.empty() || !alerts.webhook_url.empty() ||
                              !alerts.webhook_url_file.empty() || !alerts.ping_url.empty() ||
                              !alerts.ping_url_file.empty();
  return {{"administrator", administrator_.isSet()},
          {"database", !config->database.url.empty()},
          {"images", !config->images.path.empty()},
          {"repository", !config->repository.path.empty() && !config->repository.password_file.empty()},
          {"kit", isKitConfirmed()},
          {"schedule", !config->schedule.times.empty()},
          {"alerts", tells_somebody}};
}

void Setup::begin() {
  if (progress().begun) return;
  change([](Progress& progress, const Config&) { progress.begun = true; });
}

Setup::Entry Setup::enter(std::string_view code, Lockout::Time now) {
  if (!isNeeded()) return Entry::kNotNeeded;
  constexpr const char* kDoor = "set-up";
  if (lockout_.begin(kDoor, kDoor, now)) return Entry::kLocked;
  if (Sha256::of(asBytes(bareCode(code))) != Sha256::of(asBytes(bareCode(code_)))) return Entry::kWrong;
  lockout_.succeeded(kDoor, kDoor);
  begin();
  return Entry::kWelcome;
}

void Setup::setAdministrator(const std::string& name, ByteView password) {
  administrator_.set(name, password);
}

void Setup::saveDatabase(const std::string& url, const std::string& password,
                         const std::string& data_folder) {
  if (password.empty() && !isSameAccount(url, settings_.current()->database.url))
    setSecret(settings_, SecretName::kDatabase, "");  // another's is not sent to this server
  settings_.change([&](Config& config) {
    config.database.url = url;
    config.database.data_folder = data_folder;
  });
  if (!password.empty()) setSecret(settings_, SecretName::kDatabase, password);
}

void Setup::saveImages(const std::string& path) {
  settings_.change([&](Config& config) { config.images.path = path; });
}

std::string Setup::makeRepository(const std::string& path, const std::string& password) {
  const std::lock_guard one_at_a_time(one_repository_);
  const auto config = settings_.current();
  if (!config->repository.path.empty() && !config->repository.password_file.empty())
    throw Error(ErrorCode::kExists, "there is a repository already: " + config->repository.path,
                "to use another one, change [repository] in the configuration");
  if (path.empty() || path.front() != '/')
    throw Error(ErrorCode::kUsage, "the place for backups has to be a path from the root",
                "write it as /...");
  const std::filesystem::path file = secretFile(settings_.file(), "repository-password");
  std::error_code error;
  const bool is_kept = std::filesystem::exists(file, error);
  if (is_kept && !password.empty())
    throw Error(ErrorCode::kExists, file.string() + " holds a password already", "move that file away first");
  std::string secret = is_kept            ? jobs::repositoryPasswordFrom(file)
                       : password.empty() ? jobs::randomRecoveryWords()
                                          : jobs::trimmedPassword(password);
  const auto storage = jobs::openStorage(path);
  const bool is_there = storage->size({storage::FileType::kConfig, ""}).has_value();
  if (is_there && !is_kept && password.empty())
    throw Error(ErrorCode::kExists, "there are backups in " + path + " already",
                "give their password to go on with them, or name another folder");
  if (!is_there && !password.empty())
    throw Error(ErrorCode::kNotFound, "there are no backups in " + path + " that the password could be of",
                "leave the password out: a new one is made");
  // The password is safe before there is anything that it alone can open.
  if (!is_there && !is_kept) writeSecret(file, secret);
  if (!is_there)
    repository::Repository::create(*storage, secret, kdf_ ? *kdf_ : repository::KdfParameters::calibrate(),
                                   Clock::system());
  const std::string id = repository::Repository::open(*storage, secret)->config().id;
  if (is_there && !is_kept) writeSecret(file, secret);
  crypto::wipe(secret);
  settings_.change([&](Config& changed) {
    changed.repository.path = path;
    changed.repository.password_file = file;
  });
  return id;
}

std::vector<std::filesystem::path> Setup::sourceFolders(const Config& config) {
  std::vector<std::filesystem::path> folders;
  if (!config.images.path.empty()) folders.emplace_back(config.images.path);
  if (!config.database.data_folder.empty()) folders.emplace_back(config.database.data_folder);
  if (config.database.url.empty() || !config.database.data_folder.empty()) return folders;
  // Where a server on this computer has its data as a rule.
  const mariadb::Address address = mariadb::parseAddress(config.database.url);
  const bool is_here = !address.socket.empty() || address.host == "localhost" || address.host == "127.0.0.1";
  if (is_here) folders.emplace_back("/var/lib/mysql");
  return folders;
}

std::string Setup::keptPassword() const {
  const auto config = settings_.current();
  if (config->repository.path.empty() || config->repository.password_file.empty()) noRepository();
  return jobs::repositoryPasswordFrom(config->repository.password_file);
}

std::string Setup::kitPdf() const {
  const auto config = settings_.current();
  jobs::RecoveryKit kit{.practice = config->practice.name,
                        .date = today(),
                        .repository_path = config->repository.path,
                        .repository_id = {},
                        .password = keptPassword()};
  // Opened, so that no kit is printed whose password does not fit.
  kit.repository_id = jobs::openRepository(jobs::openStorage(kit.repository_path), kit.password)->config().id;
  std::string pdf = jobs::recoveryKitPdf(kit);
  crypto::wipe(kit.password);
  return pdf;
}

std::vector<std::string> Setup::kitWords() const {
  std::string password = keptPassword();
  std::vector<std::string> words = jobs::wordsOf(password);
  crypto::wipe(password);
  return words;
}

std::vector<std::size_t> Setup::challenge() {
  const std::size_t count = kitWords().size();
  const std::lock_guard lock(mutex_);
  const bool fits = !challenge_.empty() && challenge_.back() <= count;
  if (fits) return challenge_;
  challenge_.clear();
  while (challenge_.size() < std::min(kWordsAsked, count)) {
    const std::size_t position = randomBelow(count) + 1;
    if (std::find(challenge_.begin(), challenge_.end(), position) == challenge_.end())
      challenge_.push_back(position);
  }
  std::sort(challenge_.begin(), challenge_.end());
  return challenge_;
}

bool Setup::confirm(const std::vector<std::pair<std::size_t, std::string>>& words) {
  const std::vector<std::string> kit = kitWords();
  std::vector<std::size_t> asked = challenge(), given;
  bool right = true;
  for (const auto& [position, word] : words) {
    given.push_back(position);
    // All are looked at: how long it takes does not say which one is wrong.
    if (position == 0 || position > kit.size() || !jobs::isSameWord(word, kit[position - 1])) right = false;
  }
  std::sort(given.begin(), given.end());
  {
    const std::lock_guard lock(mutex_);
    challenge_.clear();
  }
  if (!right || given != asked) return false;
  change(
      [](Progress& progress, const Config& config) { progress.kit_confirmed_for = config.repository.path; });
  return true;
}

void Setup::finish() {
  const auto config = settings_.current();
  const std::vector<std::string> missing = missingForBackup(*config);
  if (!missing.empty())
    throw Error(ErrorCode::kUsage, "set-up is not complete: " + missing.front() + " is not set");
  if (!isKitConfirmed())
    throw Error(ErrorCode::kUsage, "set-up is not complete: no words of the recovery kit were entered",
                "print the kit, and enter the words that are asked for");
  if (!administrator_.isSet() && (!config->sign_in.open_dental || config->database.url.empty()))
    throw Error(ErrorCode::kUsage, "set-up is not complete: nobody could sign in",
                "make the local administrator");
  change([](Progress& progress, const Config&) { progress.begun = progress.finished = true; });
}

bool isSameAccount(const std::string& url, const std::string& other) {
  if (url.empty() || other.empty()) return false;
  mariadb::Address a = mariadb::parseAddress(url), b = mariadb::parseAddress(other);
  a.database = b.database = a.password = b.password = "";
  return a == b;
}

}  // namespace enamel::service
