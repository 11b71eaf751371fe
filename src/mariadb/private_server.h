#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "mariadb/url.h"

namespace enamel::mariadb {

// A mariadbd of Enamel's own: own data folder, a unix socket in a folder of mode 0700, no network, no
// plugins, no access to files outside (secure_file_priv, local_infile off unless asked). Never an existing
// server's data folder. As root it runs as the user mysql where there is one: table files out of a backup are
// untrusted input.
class PrivateServer {
 public:
  struct Options {
    std::filesystem::path folder;             // holds data/, socket, log; made if missing
    std::vector<std::string> server_options;  // added last: "--key-buffer-size=256M"
    bool keep_running = false;                // release() it: `enamel sample start`
    bool local_infile = false;
    std::uint16_t tcp_port = 0;  // not 0: also listens on 127.0.0.1 (tests)
    double start_timeout_s = 120;
  };
  // Makes system tables in folder/data if it is empty, starts the server, waits until it answers. Throws with
  // the log's last lines if it does not come up, kExists if a server runs there already or folder/data is not
  // one that this class made. As root, the folder is given to the user mysql; folders above it that this user
  // may not enter are opened to it if they lie in the system's folder for temporary files or are scratch
  // folders of our own, else kPermission.
  explicit PrivateServer(const Options& options, const CancelToken& cancel = CancelToken::never());
  ~PrivateServer();  // shuts it down (SIGTERM, then SIGKILL)
  PrivateServer(PrivateServer&&) noexcept;

  // Signs in as the server's administrator over the socket; database empty.
  Address address(const std::string& database = {}) const;
  std::filesystem::path dataFolder() const;
  int pid() const;
  bool running() const;
  // Clean shutdown; throws if it did not end in time.
  void stop();
  // Leaves it running after this process; its pid is in folder/pid.
  void release();

  // The server left running in that folder, if there is one; whoever started it.
  static std::optional<Address> findRunning(const std::filesystem::path& folder,
                                            const std::string& database = {});
  // Shuts that server down; false if none was running. Throws if it did not end in time.
  static bool stopRunning(const std::filesystem::path& folder, double timeout_s = 120);
  // Kills whatever server still runs on that folder, whose data nobody wants any more, and waits for its end.
  // The kernel ends a server with the process that started it; this finds one that it missed. Throws if the
  // server cannot be ended.
  static void endAbandoned(const std::filesystem::path& folder);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Removes the scratch folders that killed runs left in `parent` (empty: the system's folder for temporary
// files), with servers that still run in them (in the folder's `server`). Returns their paths.
std::vector<std::filesystem::path> removeAbandonedScratch(const std::filesystem::path& parent);

}  // namespace enamel::mariadb
