#include "jobs/restore_target.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "hash/sha256.h"

namespace enamel::jobs {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMarkSizeMax = 4096;

// The mark's second line where there was nothing else in the folder.
constexpr std::string_view kWasEmpty = "Nothing else was in the folder.";

struct Mark {
  std::string of;          // what the unfinished restore in the folder is of: the first line
  bool was_empty = false;  // whether nothing else was in it
};

std::optional<Mark> readMark(const fs::path& folder) {
  std::error_code error;
  const fs::path mark = folder / RestoreTarget::kMark;
  if (!fs::is_regular_file(fs::symlink_status(mark, error))) return std::nullopt;
  const Bytes bytes = readFile(mark, kMarkSizeMax);
  const std::string text(asText(bytes));
  const std::size_t end = std::min(text.find('\n'), text.size());
  return Mark{text.substr(0, end), text.substr(end).starts_with("\n" + std::string(kWasEmpty) + "\n")};
}

bool isEmpty(const fs::path& folder) {
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error) throw systemError("restore folder " + folder.string(), error.value());
  for (; entries != fs::directory_iterator(); entries.increment(error)) {
    if (entries->path().filename() != "lost+found") return false;
  }
  if (error) throw systemError("restore folder " + folder.string(), error.value());
  return true;
}

// The same parts in any order are the same restore.
std::string markOf(const repository::SnapshotId& snapshot, std::vector<std::string> only) {
  if (only.empty()) return snapshot.hex();
  std::sort(only.begin(), only.end());
  std::string parts;
  for (const std::string& part : only) parts += part + '\0';
  return snapshot.hex() + " only " + Sha256::of(asBytes(parts)).hex();
}

}  // namespace

RestoreTarget::RestoreTarget(fs::path folder, const repository::SnapshotId& snapshot,
                             const std::vector<std::string>& only, bool into_existing)
    : folder_(std::move(folder)), mark_(markOf(snapshot, only)) {
  std::error_code error;
  const fs::file_status status = fs::status(folder_, error);
  if (status.type() == fs::file_type::not_found) return;
  if (status.type() == fs::file_type::none)
    throw systemError("restore folder " + folder_.string(), error.value());
  if (!fs::is_directory(status))
    throw Error(ErrorCode::kExists, folder_.string() + " exists and is not a folder",
                "name a folder that is empty or does not exist yet");
  const std::optional<Mark> found = readMark(folder_);
  if (found && found->of == mark_) {
    ours_ = found->was_empty;
    return;
  }
  const std::optional<std::string> mark = found ? std::optional(found->of) : std::nullopt;
  keep_mark_ = mark.has_value();
  ours_ = !keep_mark_ && isEmpty(folder_);
  if (into_existing) return;
  if (mark && mark->substr(0, mark->find(' ')) == snapshot.hex())
    throw Error(ErrorCode::kExists,
                folder_.string() + " holds an unfinished restore of other parts of this snapshot",
                "finish that one with its own --only, or remove the folder, or name another");
  if (mark)
    throw Error(ErrorCode::kExists,
                folder_.string() + " holds an unfinished restore of another snapshot, " + mark->substr(0, 8),
                "finish that one, or remove the folder, or name another");
  if (!ours_)
    throw Error(ErrorCode::kExists, folder_.string() + " is not empty",
                "name a folder that is empty or does not exist yet; --into-existing writes over files of the "
                "same names and leaves others as they are");
}

void RestoreTarget::begin() {
  if (keep_mark_) return;
  std::error_code error;
  const bool made = fs::create_directories(folder_, error);
  if (error) throw systemError("restore folder " + folder_.string(), error.value());
  // For its owner's eyes until it has its own rights; where everything goes, accounts among it, for good.
  if (made) fs::permissions(folder_, fs::perms::owner_all, error);
  const std::string text = mark_ + "\n" + (ours_ ? std::string(kWasEmpty) + "\n" : "") +
                           "A restore into this folder has not finished. Run the same `enamel restore` again "
                           "to complete it.\n";
  const ByteView part = asBytes(text);
  writeFileDurably(folder_ / kMark, {&part, 1}, 0644);
}

void RestoreTarget::finish() {
  if (keep_mark_) return;
  std::error_code error;
  fs::remove(folder_ / kMark, error);
  if (error) throw systemError((folder_ / kMark).string(), error.value());
}

}  // namespace enamel::jobs
