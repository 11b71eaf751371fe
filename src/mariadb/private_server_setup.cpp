#include "mariadb/private_server_setup.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <system_error>

#include "base/bytes.h"
#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/scratch_folder.h"
#include "base/subprocess.h"

#include <fcntl.h>

namespace enamel::mariadb {
namespace fs = std::filesystem;

namespace {

constexpr const char* kAccount = "mysql";
constexpr std::size_t kLogTailBytes = 2000;

struct Account {
  uid_t uid;
  gid_t gid;
};

std::optional<Account> lookUp(const std::string& name) {
  std::vector<char> buffer(16384);
  passwd entry{};
  passwd* found = nullptr;
  if (getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
    return std::nullopt;
  }
  return Account{entry.pw_uid, entry.pw_gid};
}

bool mayPass(const struct stat& st, const Account& account) {
  if (st.st_uid == account.uid) return (st.st_mode & S_IXUSR) != 0;
  if (st.st_gid == account.gid) return (st.st_mode & S_IXGRP) != 0;
  return (st.st_mode & S_IXOTH) != 0;
}

void makePassable(const fs::path& path, const Account& account, const fs::path& scratch) {
  struct stat st {};
  if (stat(path.c_str(), &st) != 0) throw systemError("stat " + path.string(), errno);
  if (mayPass(st, account)) return;
  if (!ScratchFolder::isOne(path) && (path == scratch || !isInside(path, scratch))) {
    throw Error(
        ErrorCode::kPermission,
        "the user " + std::string(kAccount) + ", as whom the server runs, may not enter " + path.string(),
        "choose a folder elsewhere, for example below /var/tmp or /srv");
  }
  // Passing through, and only for that group: what lies in the folder stays unlisted.
  if (chown(path.c_str(), static_cast<uid_t>(-1), account.gid) != 0 ||
      chmod(path.c_str(), (st.st_mode & 07707) | S_IXGRP) != 0) {
    throw systemError("open " + path.string() + " to the user " + kAccount, errno);
  }
}

fs::path systemTablesFolder() {
  for (const char* folder : {"/usr/share/mysql", "/usr/share/mariadb", "/usr/local/mysql/share"}) {
    if (fs::exists(fs::path(folder) / "mysql_system_tables.sql")) return folder;
  }
  throw Error(ErrorCode::kNotFound, "the file mysql_system_tables.sql of the MariaDB server is not installed",
              "apt-get install mariadb-server");
}

}  // namespace

std::string serverAccount() {
  return geteuid() == 0 && lookUp(kAccount) ? kAccount : "";
}

void giveFolderTo(const std::string& account, const fs::path& folder) {
  if (account.empty()) return;
  const std::optional<Account> ids = lookUp(account);
  ENAMEL_CHECK(ids.has_value());
  const fs::path real = fs::canonical(folder);
  const fs::path scratch = fs::canonical(fs::temp_directory_path());
  for (fs::path above = real.parent_path(); above != above.root_path(); above = above.parent_path()) {
    makePassable(above, *ids, scratch);
  }
  if (chown(real.c_str(), ids->uid, ids->gid) != 0) throw systemError("chown " + real.string(), errno);
}

std::vector<std::string> runAs(const std::string& account, bool die_with_parent,
                               const std::vector<std::string>& arguments) {
  if (account.empty()) return arguments;
  // A change of the user clears PR_SET_PDEATHSIG, so setpriv sets it again afterwards.
  std::vector<std::string> all = {"setpriv", "--reuid", account, "--regid", account, "--init-groups"};
  if (die_with_parent) all.insert(all.end(), {"--pdeathsig", "KILL"});
  all.push_back(findProgram(arguments.at(0)));
  if (all.back().empty()) {
    throw Error(ErrorCode::kNotFound, "the program " + arguments[0] + " is not installed",
                "apt-get install mariadb-server");
  }
  all.insert(all.end(), arguments.begin() + 1, arguments.end());
  return all;
}

void makeSystemTables(const fs::path& folder, const std::string& account) {
  const fs::path data = folder / "data";
  const fs::path unfinished = folder / "data.unfinished";
  const fs::path script = folder / "bootstrap.sql";
  fs::remove_all(unfinished);
  fs::create_directory(unfinished);
  fs::permissions(unfinished, fs::perms::owner_all);
  giveFolderTo(account, unfinished);

  const fs::path tables = systemTablesFolder();
  const Bytes structure = readFile(tables / "mysql_system_tables.sql");
  const Bytes rows = readFile(tables / "mysql_system_tables_data.sql");
  static constexpr std::string_view kBegin =
      "CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n";
  static constexpr std::string_view kEnd =
      "\nDELETE FROM mysql.global_priv WHERE Host<>'localhost' OR User NOT IN ('root','mariadb.sys');\n"
      "DELETE FROM mysql.proxies_priv WHERE Host<>'localhost';\n";
  const ByteView parts[] = {asBytes(kBegin), structure, rows, asBytes(kEnd)};
  writeFileDurably(script, parts, 0644);

  Subprocess::Options io;
  io.stdin_file = script.string();
  io.output_file = (folder / "log").string();
  Subprocess bootstrap(
      runAs(account, true,
            {"mariadbd", "--no-defaults", "--bootstrap", "--datadir=" + unfinished.string(),
             "--tmpdir=" + unfinished.string(), "--log-warnings=0", "--innodb-log-file-size=16M",
             "--innodb-buffer-pool-size=16M", "--innodb-use-native-aio=0", "--debug-no-sync"}),
      io);
  if (bootstrap.wait() != 0 || !fs::exists(unfinished / "mysql" / "proc.frm")) {
    throw Error(ErrorCode::kDatabase, "cannot make the system tables of a private server in " +
                                          unfinished.string() + "\n" + logTail(folder));
  }
  fs::remove(script);
  fs::rename(unfinished, data);
}

std::vector<std::string> serverArguments(const PrivateServer::Options& options, const std::string& socket) {
  const std::string folder = fs::canonical(options.folder).string();
  std::vector<std::string> arguments = {
      "mariadbd",
      "--no-defaults",
      "--datadir=" + folder + "/data",
      "--tmpdir=" + folder + "/tmp",
      "--socket=" + socket,
      "--pid-file=" + folder + "/pid",
      "--plugin-dir=" + folder + "/none",        // nothing to load
      "--secure-file-priv=" + folder + "/none",  // nothing to read or write
      "--skip-name-resolve",
      "--symbolic-links=0",
      "--event-scheduler=OFF",
      "--performance-schema=OFF",
      "--sql-mode=",
      "--character-set-server=utf8",
      "--collation-server=utf8_general_ci",
      "--max-allowed-packet=1G",
      "--max-connections=200",
      "--key-buffer-size=64M",
      "--innodb-buffer-pool-size=64M",
      "--innodb-log-file-size=64M",
      "--innodb-buffer-pool-dump-at-shutdown=OFF",
      "--innodb-buffer-pool-load-at-startup=OFF",
      "--aria-pagecache-buffer-size=16M",
      "--myisam-sort-buffer-size=64M",
      options.local_infile ? "--local-infile=1" : "--local-infile=0",
  };
  if (options.tcp_port != 0) {
    arguments.insert(arguments.end(),
                     {"--bind-address=127.0.0.1", "--port=" + std::to_string(options.tcp_port)});
  } else {
    arguments.emplace_back("--skip-networking");
  }
  if (!options.keep_running) {
    // Scratch: nothing in it outlives the process, and a table must not be repaired behind a check's back.
    arguments.insert(arguments.end(), {"--debug-no-sync", "--innodb-flush-log-at-trx-commit=0",
                                       "--innodb-doublewrite=0", "--myisam-recover-options=OFF"});
  }
  arguments.insert(arguments.end(), options.server_options.begin(), options.server_options.end());
  return arguments;
}

std::string logTail(const fs::path& folder) {
  const std::string path = (folder / "log").string();
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  if (error) return "(its log is missing)";
  const Fd fd = openFile(path, O_RDONLY);
  Bytes text(std::min<std::uintmax_t>(size, kLogTailBytes));
  text.resize(readFullAt(fd.get(), text, size - text.size(), path));
  return std::string(asText(text));
}

}  // namespace enamel::mariadb
