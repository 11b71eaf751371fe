#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/lockout.h"
#include "hash/sha256.h"
#include "repository/key.h"
#include "service/administrator.h"
#include "service/settings.h"

namespace enamel::service {

// The way from nothing to a service that backs up, as the page's wizard and `enamel setup` both go it. What
// was done is in the configuration; how far it came, and that words of the recovery kit were asked back, in
// the file setup.json of the state folder, which is read each time: `enamel kit` may write it, too.
// Thread-safe.
class Setup {
 public:
  // settings outlive it. kdf: what guessing the repository's password shall cost; nullopt: measured on this
  // computer when the repository is made.
  Setup(Settings& settings, std::filesystem::path state,
        std::optional<repository::KdfParameters> kdf = std::nullopt);

  // Whether it is still to be done: it was begun here and not finished, or something is missing for a backup
  // and it was never finished. What a person wrote into the configuration by hand needs none.
  bool isNeeded() const;

  struct Step {
    const char* name;  // "administrator", "database", "images", "repository", "kit", "schedule", "alerts"
    bool done;
  };
  std::vector<Step> steps() const;

  // --- who may begin: whoever reads the terminal that the service was started from
  // "K7QD-..." of 80 bits; the same until the process ends.
  const std::string& code() const { return code_; }
  // From now on it is needed until it is finished.
  void begin();
  enum class Entry { kWelcome, kWrong, kLocked, kNotNeeded };
  // Five wrong ones close the door for five minutes. Case, blanks and hyphens make no difference.
  Entry enter(std::string_view code, Lockout::Time now);

  // --- steps; each throws what the settings throw
  void setAdministrator(const std::string& name, ByteView password);
  // An empty password leaves the one that is kept, if the address is that of the configuration.
  void saveDatabase(const std::string& url, const std::string& password, const std::string& data_folder);
  void saveImages(const std::string& path);
  // Makes a repository with a random password of words, which is kept in a file beside the configuration; an
  // existing one is taken over if `password` opens it, or the kept one does. Returns its id. Throws kExists
  // where the configuration has a repository already, kUsage for a path that cannot be, and what making or
  // opening it throws; a file with a password in it is never overwritten.
  std::string makeRepository(const std::string& path, const std::string& password = {});

  // The folders with the practice's data that this computer may have, for probeDestination().
  static std::vector<std::filesystem::path> sourceFolders(const Config& config);

  // --- the recovery kit of the configured repository; throw kUsage where there is none
  std::string kitPdf() const;  // a secret
  // Which words are asked back, from 1: three, or as many as there are. They stand until they were answered.
  std::vector<std::size_t> challenge();
  // Whether all words that challenge() asks for are there and right; new ones are asked for if not.
  bool confirm(const std::vector<std::pair<std::size_t, std::string>>& words);
  bool isKitConfirmed() const;

  // Throws kUsage naming what is missing: a source, the repository, the kit, somebody who can sign in.
  void finish();

 private:
  struct Progress {
    bool begun = false, finished = false;
    std::string kit_confirmed_for;  // the repository's path
  };
  Progress progress() const;
  void change(void (*edit)(Progress& progress, const Config& config));
  std::vector<std::string> kitWords() const;
  std::string keptPassword() const;

  Settings& settings_;
  const std::filesystem::path state_;
  const std::optional<repository::KdfParameters> kdf_;
  const Administrator administrator_;
  const std::string code_;
  Lockout lockout_;
  std::mutex one_repository_;  // held while one is made
  mutable std::mutex mutex_;
  std::vector<std::size_t> challenge_;  // guarded by mutex_
};

// Whether both addresses are of one account on one server: then one password is for both.
bool isSameAccount(const std::string& url, const std::string& other);

}  // namespace enamel::service
