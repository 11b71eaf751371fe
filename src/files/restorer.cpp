#include "files/restorer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/fd.h"
#include "base/worker_pool.h"
#include "files/problem_list.h"
#include "files/restore_content.h"
#include "files/restore_files.h"
#include "files/restore_folders.h"
#include "files/restore_metadata.h"

namespace enamel::files {

using repository::BlobId;
using repository::Node;
using repository::NodeType;

namespace {

// Contents are written whenever so much is planned: bounds memory whatever the tree holds.
constexpr std::size_t kPlannedFilesMax = 100'000;
constexpr std::size_t kPlannedPiecesMax = 400'000;
// Trees read at the same time: enough for the threads to be busy, too few to matter in memory.
constexpr std::size_t kTreesAtOnce = 128;
constexpr std::uint64_t kTreeBytesAtOnce = 2U << 20;
// Reading and writing past the page cache waits for the disk: others use the CPU meanwhile.
constexpr std::size_t kThreadsPerCpu = 2;

std::string describe(int error_number) {
  return error_number == EISDIR ? "a folder is in its place" : std::generic_category().message(error_number);
}

// One run of restoreTree().
class Restore {
 public:
  Restore(const repository::Repository& repository, const BlobId& tree, const std::filesystem::path& target,
          const RestoreOptions& options, Progress& progress, const CancelToken& cancel)
      : repository_(repository),
        tree_(tree),
        options_(options),
        progress_(progress),
        cancel_(cancel),
        threads_(options.threads != 0 ? options.threads : kThreadsPerCpu * cpuCount()),
        folders_(target.string()),
        files_(folders_, tree, options.ownership, errors_, progress),
        content_(repository, files_, threads_, progress, cancel) {}

  RestoreResult run();

 private:
  // A folder still to be looked at.
  struct Ahead {
    BlobId tree;
    RestoreFolders::Id folder;
    std::string path;  // relative to the tree's root; kept only where there is a filter
  };
  // The first name of a file with several, and another one.
  struct FirstName {
    RestoreFolders::Id folder = 0;
    std::string name;
    std::vector<BlobId> content;
    bool restored = false;
    std::optional<RestoreFiles::Id> file;  // while it is planned
  };
  using LinkKey = std::pair<std::uint64_t, std::uint64_t>;  // device_id, inode
  struct Link {
    LinkKey to;
    RestoreFolders::Id folder;
    std::string name;
  };

  std::vector<Ahead> takeNext();
  void visit(std::span<const Ahead> folders);
  void addNode(const Ahead& ahead, Node& node);
  void enterFolder(const Ahead& ahead, Node& node, bool accepted, const std::string& path);
  void addFile(RestoreFolders::Id folder, Node& node);
  void makeOther(RestoreFolders::Id folder, Node& node);
  int makeSpecial(int folder_fd, const Node& node);
  bool makeFolder(RestoreFolders::Id folder);
  void writeContents();
  void makeLinks();
  void syncToDisk();
  int makeLink(const Link& link, const FirstName& first);

  const repository::Repository& repository_;
  const BlobId tree_;
  const RestoreOptions& options_;
  Progress& progress_;
  const CancelToken& cancel_;
  const std::size_t threads_;
  ProblemList errors_;
  RestoreFolders folders_;
  RestoreFiles files_;
  RestoreContent content_;
  std::vector<Ahead> ahead_;
  std::map<LinkKey, FirstName> first_names_;
  std::vector<Link> links_;
  std::uint64_t others_ = 0;  // links and special files restored
};

RestoreResult Restore::run() {
  ahead_.push_back({.tree = tree_, .folder = RestoreFolders::kRoot, .path = {}});
  while (!ahead_.empty()) {
    visit(takeNext());
    if (files_.count() >= kPlannedFilesMax || content_.planned() >= kPlannedPiecesMax) writeContents();
  }
  writeContents();
  makeLinks();
  folders_.finish(options_.ownership,
                  [this](const std::string& path, const std::string& what) { errors_.add(path, what); });
  syncToDisk();
  return {.files = files_.restoredFiles() + others_,
          .directories = folders_.madeCount(),
          .bytes = files_.restoredBytes(),
          .errors = errors_.take()};
}

// The folders to look at together: several, so that their trees are read at the same time, but not many
// bytes.
std::vector<Restore::Ahead> Restore::takeNext() {
  std::vector<Ahead> next;
  std::uint64_t bytes = 0;
  while (!ahead_.empty() && next.size() < kTreesAtOnce) {
    const auto location = repository_.locate(repository::BlobType::kTree, ahead_.back().tree);
    bytes += location ? location->plaintext_bytes : 0;
    if (!next.empty() && bytes > kTreeBytesAtOnce) break;
    next.push_back(std::move(ahead_.back()));
    ahead_.pop_back();
  }
  return next;
}

void Restore::visit(std::span<const Ahead> folders) {
  std::vector<repository::Tree> trees(folders.size());
  std::vector<std::string> problems(folders.size());
  parallelFor(folders.size(), threads_, Priority::kNormal, [&](std::size_t i) {
    cancel_.check();
    try {
      trees[i] = repository_.loadTree(folders[i].tree);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kNoSpace || error.code() == ErrorCode::kCancelled) throw;
      // Without the root there is nothing to restore.
      if (folders[i].folder == RestoreFolders::kRoot) throw;
      problems[i] = error.what();
    }
  });
  for (std::size_t i = 0; i < folders.size(); ++i) {
    cancel_.check();
    if (!problems[i].empty()) {
      errors_.add(folders_.path(folders[i].folder), "nothing in it is restored: " + problems[i]);
      continue;
    }
    for (Node& node : trees[i].nodes) addNode(folders[i], node);
  }
}

void Restore::addNode(const Ahead& ahead, Node& node) {
  std::string path;
  bool accepted = true;
  if (options_.accept) {
    path = ahead.path.empty() ? node.name : ahead.path + "/" + node.name;
    accepted = options_.accept(path);
  }
  if (node.type == NodeType::kDirectory) return enterFolder(ahead, node, accepted, path);
  if (!accepted || !makeFolder(ahead.folder)) return;
  if (node.type == NodeType::kFile) {
    addFile(ahead.folder, node);
  } else {
    makeOther(ahead.folder, node);
  }
}

void Restore::enterFolder(const Ahead& ahead, Node& node, bool accepted, const std::string& path) {
  if (!accepted && options_.may_contain && !options_.may_contain(path)) return;
  const std::optional<BlobId> subtree = node.subtree;
  const RestoreFolders::Id folder = folders_.add(ahead.folder, node);
  if (accepted && !makeFolder(folder)) return;
  if (!subtree)
    return errors_.add(folders_.path(folder), "nothing in it is restored: its node names no tree");
  ahead_.push_back({.tree = *subtree, .folder = folder, .path = path});
}

// False if that fails; named once, and nothing in the folder is then tried.
bool Restore::makeFolder(RestoreFolders::Id folder) {
  const int error = folders_.make(folder);
  if (error == 0) return true;
  if (error == ENOSPC || error == EDQUOT) throw systemError("make folder " + folders_.path(folder), error);
  errors_.add(folders_.path(folder), "nothing in it is restored: " + describe(error));
  return false;
}

void Restore::addFile(RestoreFolders::Id folder, Node& node) {
  ++progress_.files_total;
  FirstName* first = nullptr;
  if (node.links > 1) {
    const LinkKey key{node.device_id, node.inode};
    const auto [entry, fresh] = first_names_.try_emplace(key);
    if (fresh) {
      first = &entry->second;
      *first = {.folder = folder, .name = node.name, .content = node.content, .restored = false, .file = {}};
    } else if (entry->second.content == node.content) {
      links_.push_back({.to = key, .folder = folder, .name = node.name});
      return;
    }
    // Else it changed between the readings of its two names: two files then.
  }
  const std::vector<BlobId> content = node.content;
  const std::uint64_t size = node.size;
  const RestoreFiles::Id file = files_.add(folder, node);
  if (first != nullptr) first->file = file;
  if (const std::string problem = content_.plan(file, content, size); !problem.empty()) {
    files_.fail(file, problem);
  } else if (content.empty()) {
    files_.writeEmpty(file);
  } else {
    progress_.bytes_total += size;
  }
}

void Restore::writeContents() {
  content_.write();
  for (auto& [key, first] : first_names_) {
    if (!first.file) continue;
    first.restored = !files_.failed(*first.file);
    first.file.reset();
  }
  files_.clear();
}

void Restore::makeOther(RestoreFolders::Id folder, Node& node) {
  const auto fd = folders_.open(folder);
  int error = fd ? makeSpecial(fd->get(), node) : errno;
  if (error == EEXIST) {
    error = unlinkat(fd->get(), node.name.c_str(), 0) == 0 ? makeSpecial(fd->get(), node) : errno;
  }
  std::string problem;
  if (error != 0) {
    problem = "could not make it: " + describe(error);
  } else {
    ++others_;
    const Metadata metadata(node);
    problem =
        setMetadataAt(fd->get(), node.name, metadata, options_.ownership, node.type == NodeType::kSymlink);
  }
  if (!problem.empty()) errors_.add(folders_.path(folder, node.name), problem);
}

int Restore::makeSpecial(int folder_fd, const Node& node) {
  const char* name = node.name.c_str();
  const auto result = [](int returned) { return returned == 0 ? 0 : errno; };
  switch (node.type) {
    case NodeType::kSymlink:
      return result(symlinkat(node.link_target.c_str(), folder_fd, name));
    case NodeType::kFifo:
      return result(mkfifoat(folder_fd, name, 0600));
    case NodeType::kSocket:
      return result(mknodat(folder_fd, name, S_IFSOCK | 0600, 0));
    case NodeType::kDevice:
      return result(mknodat(folder_fd, name, S_IFBLK | 0600, node.device));
    case NodeType::kCharDevice:
      return result(mknodat(folder_fd, name, S_IFCHR | 0600, node.device));
    default:
      return ENOTSUP;
  }
}

void Restore::makeLinks() {
  for (const Link& link : links_) {
    cancel_.check();
    const FirstName& first = first_names_.at(link.to);
    if (!first.restored) {
      errors_.add(
          folders_.path(link.folder, link.name),
          "another name of " + folders_.path(first.folder, first.name) + ", which could not be restored");
    } else if (const int error = makeLink(link, first)) {
      errors_.add(folders_.path(link.folder, link.name), "could not link it: " + describe(error));
    } else {
      ++others_;
      ++progress_.files_done;
    }
  }
}

// Once for all files: a restore that was reported survives a power cut.
void Restore::syncToDisk() {
  const auto target = folders_.open(RestoreFolders::kRoot);
  if (syncfs(target->get()) == 0) return;
  if (errno == ENOSPC || errno == EDQUOT)
    throw systemError("write what was restored to " + folders_.path(RestoreFolders::kRoot), errno);
  errors_.add(folders_.path(RestoreFolders::kRoot),
              "the disk did not take all that was restored: " + describe(errno));
}

int Restore::makeLink(const Link& link, const FirstName& first) {
  const auto from = folders_.open(first.folder);
  if (!from) return errno;
  const auto to = folders_.open(link.folder);
  if (!to) return errno;
  const auto make = [&] {
    return linkat(from->get(), first.name.c_str(), to->get(), link.name.c_str(), 0) == 0 ? 0 : errno;
  };
  const int error = make();
  if (error != EEXIST) return error;
  return unlinkat(to->get(), link.name.c_str(), 0) == 0 ? make() : errno;
}

}  // namespace

RestoreResult restoreTree(const repository::Repository& repository, const BlobId& tree,
                          const std::filesystem::path& target, const RestoreOptions& options,
                          Progress& progress, const CancelToken& cancel) {
  return Restore(repository, tree, target, options, progress, cancel).run();
}

std::string restoreOwnMetadata(const std::filesystem::path& folder, Node node, bool ownership) {
  const Metadata metadata(node);
  return setMetadata(openFile(folder.string(), O_RDONLY | O_DIRECTORY).get(), metadata, ownership);
}

}  // namespace enamel::files
