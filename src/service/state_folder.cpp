#include "service/state_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.h"
#include "service/migrations.h"

namespace enamel::service {
namespace {

namespace fs = std::filesystem;

// Narrows what an administrator's copy or an older umask left open to others.
void narrow(const fs::path& path, mode_t mode) {
  if (::chmod(path.c_str(), mode) != 0 && errno != ENOENT) throw systemError("chmod " + path.string(), errno);
}

Fd prepare(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    throw systemError("make the state folder " + folder.string(), errno);
  struct stat st {};
  if (::stat(folder.c_str(), &st) != 0) throw systemError("state folder " + folder.string(), errno);
  if (!S_ISDIR(st.st_mode)) throw Error(ErrorCode::kUsage, folder.string() + " is no folder");
  if (st.st_uid != ::geteuid())
    throw Error(ErrorCode::kPermission, "the state folder " + folder.string() + " belongs to another user",
                "run the service as that user, or give it a folder of its own");
  narrow(folder, 0700);

  const fs::path lock_path = folder / "lock";
  Fd lock = openFile(lock_path.string(), O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) throw systemError("lock " + lock_path.string(), errno);
    throw Error(ErrorCode::kExists,
                "the state folder " + folder.string() + " is in use by another enamel serve",
                "stop that one first, or give this one a folder of its own");
  }
  for (const char* name : {"lock", "state.db", "state.db-wal", "state.db-shm", "audit.head"})
    narrow(folder / name, 0600);
  return lock;
}

}  // namespace

StateFolder::StateFolder(const fs::path& path)
    : path_(path), lock_(prepare(path)), database_(path / "state.db") {
  migrate(database_, stateMigrations());
}

}  // namespace enamel::service
