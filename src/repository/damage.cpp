#include "repository/damage.h"

namespace enamel::repository {

using storage::FileType;

std::string damageHint(FileType type) {
  switch (type) {
    case FileType::kConfig:
      return "the backups are still there, but nothing opens them without this file: bring `config` back "
             "from a copy of the repository";
    case FileType::kKey:
      return "bring the file back from a copy of the repository (folder keys/), or use the password of "
             "another "
             "key and remove the damaged file";
    case FileType::kLock:
      return "if nobody works with the repository: enamel unlock --remove-all";
    case FileType::kSnapshot:
      return "other snapshots do not need it: bring the file back from a copy of the repository (folder "
             "snapshots/), or move it out of there";
    case FileType::kIndex:
      return std::string("the packs are not affected: ") + kMakeIndexAnew;
    case FileType::kPack:
      return "bring the file back from a copy of the repository (folder data/); `enamel check --read-data` "
             "says what else is damaged";
  }
  ENAMEL_CHECK(false);
}

Error damagedFile(const storage::FileHandle& file, const std::string& cause) {
  const std::string name = file.type == FileType::kConfig ? "the repository's config" : file.describe();
  return {ErrorCode::kCorrupt, name + " is damaged: " + cause, damageHint(file.type)};
}

}  // namespace enamel::repository
