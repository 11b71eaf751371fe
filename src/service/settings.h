#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "service/config.h"

namespace enamel::service {

// The configuration as it is now, and its one way to be changed while the service runs. Whoever works by it
// asks current() each time, or keeps what that gave for as long as one piece of work lasts: a running job
// ends with what it began with. Thread-safe.
class Settings {
 public:
  // file: what `config` was read from, and where changes go; empty: changes are in memory only.
  explicit Settings(Config config, std::filesystem::path file = {});

  std::shared_ptr<const Config> current() const;

  // Gives edit the configuration to change. What comes of it is checked as loadConfig() checks a file
  // (messages begin with the key), written by writeCommented(), and is then what current() gives; listeners
  // hear of it before change() returns. On any error, also one that edit throws, everything stays as it was.
  // What a person changed in the file meanwhile is read first and takes effect, too; a file that is wrong by
  // now is left alone. Throws kUsage for what cannot be, and what writing the file throws. One change at a
  // time; edit must not call change().
  std::shared_ptr<const Config> change(const std::function<void(Config&)>& edit);

  // Gets what current() gives from now on, one call at a time; must neither throw nor call change(). Lives as
  // long as this object.
  using Listener = std::function<void(const Config&)>;
  void addListener(Listener listener);

  // Where the page is served changed since this object was made: that takes a restart.
  bool isRestartNeeded() const;

  const std::filesystem::path& file() const { return file_; }

 private:
  const std::filesystem::path file_;
  const Config::Listen listen_at_start_;
  std::mutex changing_;                    // taken before mutex_; held for a whole change
  std::vector<Listener> listeners_;        // guarded by changing_
  mutable std::mutex mutex_;               // held for moments only
  std::shared_ptr<const Config> current_;  // guarded by mutex_
};

}  // namespace enamel::service
