#include "files/archiver.h"

#include <fcntl.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/fd.h"
#include "base/file_system.h"
#include "files/content_look.h"
#include "files/content_store.h"
#include "files/extended_attributes.h"
#include "files/folder.h"
#include "files/folder_list.h"
#include "files/problem_list.h"
#include "files/stat_node.h"

namespace enamel::files {

using repository::BlobId;
using repository::BlobType;
using repository::Node;
using repository::NodeType;
using repository::Tree;

namespace {

// Files that one thread takes at a time: enough to make taking them cheap, few enough to share well.
constexpr std::size_t kBatchFiles = 16;
constexpr std::uint64_t kBatchBytes = 4U << 20;
// FAT's, the coarsest in use.
constexpr std::int64_t kCoarseStepNs = 2'000'000'000;

std::string describe(int error_number) {
  if (error_number == ESTALE) return "was replaced by something else while it was read";
  std::string text = systemError("", error_number).what();
  return text.substr(std::min(text.size(), text.find_first_not_of(": ")));
}

// A folder that is gone may live on elsewhere with all it holds, perhaps where the walk has already been:
// that is never a matter of course.
std::string describeFolder(int error_number) {
  return error_number == ENOENT ? "was moved or removed before it could be read" : describe(error_number);
}

std::string withoutTrailingSlash(const std::filesystem::path& path) {
  std::string text = std::filesystem::absolute(path).lexically_normal().string();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

// One run of archiveFolder().
class Walk {
 public:
  Walk(const std::filesystem::path& folder, const repository::Repository& repository,
       repository::BlobWriter& writer, const ArchiveOptions& options, Progress& progress,
       const CancelToken& cancel)
      : root_path_(withoutTrailingSlash(folder)),
        repository_(repository),
        writer_(writer),
        options_(options),
        progress_(progress),
        cancel_(cancel),
        threads_(options.threads != 0 ? options.threads : cpuCount()),
        chunker_({}, repository.config().chunker_polynomial),
        limiter_(options.read_bytes_per_second_max),
        content_(chunker_, writer, limiter_, tasks_, threads_, progress, cancel) {
    for (const std::string& exclude : options.excludes) excludes_.insert(withoutTrailingSlash(exclude));
  }

  ArchiveResult run(const std::optional<BlobId>& parent);

 private:
  using FolderPtr = std::shared_ptr<Folder>;

  void scan(const FolderPtr& folder, std::size_t worker);
  std::vector<Node> previousNodes(Folder& folder);
  void addEntry(Folder& folder, int fd, ListedName listed, Node* previous);
  void addFile(Folder& folder, const struct stat& st, Node node, Node* previous);
  void addFolder(Folder& folder, const struct stat& st, Node node, Node* previous);
  void addOther(Folder& folder, int fd, Node node, Node* previous);
  bool mayHideAChange(const struct stat& st) const;
  std::size_t addNode(Folder& folder, Node node, bool same);

  void readFiles(const FolderPtr& folder, std::size_t from, std::size_t worker);
  void readFile(Folder& folder, int fd, const FileJob& job, std::size_t worker);
  void storeFile(Folder& folder, int fd, const FileJob& job, std::size_t worker);
  void enterFolders(const FolderPtr& folder, std::size_t from, std::size_t worker);
  void enterFolder(const FolderPtr& folder, int fd, const FolderJob& job, std::size_t worker);

  void finishJob(const FolderPtr& folder);
  void saveTree(Folder& folder);
  void drop(Folder& folder, std::size_t slot, const std::string& what);
  void dropVanished(Folder& folder, std::size_t slot);
  void dropFile(Folder& folder, std::size_t slot, int error_number);
  void problem(Folder& folder, const std::string& name, const std::string& what);
  void vanished(Folder& folder, const std::string& name);
  void readAttributes(Node& node, const AttributeOwner& owner, const Folder* folder);
  std::string pathOf(const Folder& folder, const std::string& name) const;

  const std::string root_path_;
  const repository::Repository& repository_;
  repository::BlobWriter& writer_;
  const ArchiveOptions& options_;
  Progress& progress_;
  const CancelToken& cancel_;
  const std::size_t threads_;
  const chunker::FastCdc chunker_;
  RateLimiter limiter_;
  TaskStack tasks_;
  ContentStore content_;
  OwnerNames owners_;
  FolderFds folder_fds_;
  std::set<std::string, std::less<>> excludes_;
  dev_t root_device_ = 0;
  bool coarse_times_ = false;
  BlobId root_tree_;

  ProblemList errors_, warnings_;
  std::atomic<std::uint64_t> files_new_{0}, files_changed_{0}, files_unmodified_{0}, bytes_{0};
  std::atomic<std::uint64_t> files_rewritten_{0}, scrambled_rewritten_{0}, scrambled_new_{0};
  std::atomic<std::uint64_t> dirs_new_{0}, dirs_changed_{0}, dirs_unmodified_{0};
};

ArchiveResult Walk::run(const std::optional<BlobId>& parent) {
  if (excludes_.count(root_path_) != 0)
    throw Error(ErrorCode::kUsage, "the folder to be backed up is excluded itself: " + root_path_);
  auto root = std::make_shared<Folder>(nullptr, 0);
  root->fd = openFile(root_path_, O_RDONLY | O_DIRECTORY);
  struct stat st {};
  if (fstat(root->fd.get(), &st) != 0) throw systemError("stat " + root_path_, errno);
  root_device_ = st.st_dev;
  coarse_times_ = options_.coarse_times.value_or(hasCoarseTimes(root->fd.get()));
  root->previous = parent;

  ArchiveResult result;
  result.root = nodeFromStat(std::filesystem::path(root_path_).filename().string(), st, owners_);
  readAttributes(result.root, {.fd = root->fd.get()}, nullptr);
  {
    // Listed here as well, so that a root that cannot be read is an error and not an empty backup.
    const Fd again = openFile(root_path_, O_RDONLY | O_DIRECTORY);
    try {
      listNames(again.get());
    } catch (const FileReadError& error) {
      throw systemError("read folder " + root_path_, error.errorNumber());
    }
  }
  try {
    tasks_.run(threads_, options_.priority, [this, root](std::size_t worker) { scan(root, worker); });
  } catch (const FileReadError& error) {
    throw systemError("read folder " + root_path_, error.errorNumber());
  }

  result.root.subtree = root_tree_;
  result.stats = {.files_new = files_new_,
                  .files_changed = files_changed_,
                  .files_unmodified = files_unmodified_,
                  .dirs_new = dirs_new_,
                  .dirs_changed = dirs_changed_,
                  .dirs_unmodified = dirs_unmodified_,
                  .files = files_new_ + files_changed_ + files_unmodified_,
                  .bytes = bytes_,
                  .files_rewritten = files_rewritten_,
                  .scrambled_rewritten = scrambled_rewritten_,
                  .scrambled_new = scrambled_new_};
  result.errors = errors_.take();
  result.warnings = warnings_.take();
  return result;
}

// Looks at everything in the folder, takes over what is unchanged, and hands out the rest.
void Walk::scan(const FolderPtr& folder, std::size_t worker) {
  cancel_.check();
  std::vector<Node> previous = previousNodes(*folder);
  std::vector<ListedName> names = listNames(folder->fd.get());
  const std::string prefix = excludes_.empty() ? std::string() : folder->path(root_path_);
  folder->nodes.reserve(names.size());
  auto old = previous.begin();
  for (ListedName& listed : names) {
    const std::string& name = listed.name;
    if (!excludes_.empty() && excludes_.count(prefix == "/" ? prefix + name : prefix + "/" + name) != 0)
      continue;
    while (old != previous.end() && old->name < name) ++old;
    Node* const known = old != previous.end() && old->name == name ? &*old : nullptr;
    addEntry(*folder, folder->fd.get(), std::move(listed), known);
  }
  // Each node taken over stands for one of the parent's: equal numbers mean equal lists.
  if (folder->nodes.size() != previous.size()) folder->changed = true;
  folder->dropped.resize(folder->nodes.size());
  folder->pending += folder->files.size() + folder->folders.size();

  folder_fds_.keepOrClose(*folder);
  if (!folder->folders.empty()) tasks_.push([this, folder](std::size_t w) { enterFolders(folder, 0, w); });
  if (!folder->files.empty()) readFiles(folder, 0, worker);
  finishJob(folder);
}

// The parent snapshot's list of the folder; empty if there is none or it cannot be used.
std::vector<Node> Walk::previousNodes(Folder& folder) {
  if (!folder.previous) return {};
  try {
    if (repository_.has(BlobType::kTree, *folder.previous))
      return repository_.loadTree(*folder.previous).nodes;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kCorrupt && error.code() != ErrorCode::kNotFound) throw;
    warnings_.add(folder.path(root_path_),
                  std::string("read in full, the parent snapshot is damaged: ") + error.what());
  }
  folder.changed = true;
  return {};
}

void Walk::addEntry(Folder& folder, int fd, ListedName listed, Node* previous) {
  std::string& name = listed.name;
  struct stat st {};
  if (fstatat(fd, name.c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0) {
    const int error_number = errno;
    const bool was_folder =
        listed.is_folder || (previous != nullptr && previous->type == NodeType::kDirectory);
    if (error_number == ENOENT && !was_folder) return vanished(folder, name);
    return problem(folder, name, was_folder ? describeFolder(error_number) : describe(error_number));
  }
  if (!isStorable(st)) {
    folder.changed = true;
    return errors_.add(pathOf(folder, name), "is of an unknown type");
  }
  const bool is_folder = S_ISDIR(st.st_mode);
  if (options_.one_file_system && !is_folder && st.st_dev != root_device_) return;
  Node node = nodeFromStat(std::move(name), st, owners_);
  if (is_folder) {
    addFolder(folder, st, std::move(node), previous);
  } else if (node.type == NodeType::kFile) {
    addFile(folder, st, std::move(node), previous);
  } else {
    addOther(folder, fd, std::move(node), previous);
  }
}

void Walk::addFile(Folder& folder, const struct stat& st, Node node, Node* previous) {
  bool unchanged = previous != nullptr && contentUnchanged(*previous, node) && !mayHideAChange(st);
  if (unchanged) {
    for (const BlobId& id : previous->content) unchanged = unchanged && repository_.has(BlobType::kData, id);
  }
  if (!unchanged) {
    const bool known = previous != nullptr && previous->type == NodeType::kFile;
    const std::uint64_t known_content = known ? contentMark(previous->content) : 0;
    folder.files.push_back({.slot = addNode(folder, std::move(node), false),
                            .before = st,
                            .known = known,
                            .known_content = known_content});
    return;
  }
  ++files_unmodified_;
  ++progress_.files_done;
  bytes_ += node.size;
  progress_.bytes_done += node.size;
  node.content = std::move(previous->content);
  node.extended_attributes = std::move(previous->extended_attributes);
  const bool same = sameMetadata(*previous, node);
  addNode(folder, std::move(node), same);
}

void Walk::addFolder(Folder& folder, const struct stat& st, Node node, Node* previous) {
  FolderJob job;
  bool same = false;
  if (previous != nullptr && previous->type == NodeType::kDirectory) {
    job.previous = previous->subtree;
    same = sameMetadata(*previous, node);
    if (contentUnchanged(*previous, node)) {
      job.attributes_known = true;
      node.extended_attributes = std::move(previous->extended_attributes);
    }
  }
  if (options_.one_file_system && st.st_dev != root_device_) {
    node.subtree = writer_.saveTree(Tree{});
    same = same && job.previous == node.subtree;
    addNode(folder, std::move(node), same);
    return;
  }
  job.slot = addNode(folder, std::move(node), same);
  folder.folders.push_back(job);
}

void Walk::addOther(Folder& folder, int fd, Node node, Node* previous) {
  const bool unchanged = previous != nullptr && contentUnchanged(*previous, node);
  const bool same = unchanged && sameMetadata(*previous, node);
  struct stat target {};
  if (node.type == NodeType::kSymlink && fstatat(fd, node.name.c_str(), &target, 0) == 0 &&
      S_ISDIR(target.st_mode))
    warnings_.add(pathOf(folder, node.name),
                  "is a link to a folder; the link is in the backup, what it leads to is not");
  if (unchanged) {
    node.link_target = std::move(previous->link_target);
    node.extended_attributes = std::move(previous->extended_attributes);
  } else if (node.type == NodeType::kSymlink) {
    try {
      node.link_target = readLink(fd, node.name);
    } catch (const FileReadError& error) {
      if (error.errorNumber() == ENOENT) return vanished(folder, node.name);
      return problem(folder, node.name, describe(error.errorNumber()));
    }
  } else {
    readAttributes(node, {.fd = fd, .name = node.name}, &folder);
  }
  addNode(folder, std::move(node), same);
}

// Whether the file could have changed after the parent's backup read it and still show the same times.
bool Walk::mayHideAChange(const struct stat& st) const {
  if (!coarse_times_ && st.st_dev == root_device_) return false;
  return std::max(timestampOf(st.st_mtim).ns, timestampOf(st.st_ctim).ns) + kCoarseStepNs >=
         options_.parent_begin.ns;
}

std::size_t Walk::addNode(Folder& folder, Node node, bool same) {
  if (!same) folder.changed = true;
  folder.nodes.push_back(std::move(node));
  return folder.nodes.size() - 1;
}

// Reads the folder's next files; those after them are left to whoever is free.
void Walk::readFiles(const FolderPtr& folder, std::size_t from, std::size_t worker) {
  std::size_t to = from;
  std::uint64_t bytes = 0;
  while (to < folder->files.size() && to - from < kBatchFiles && bytes < kBatchBytes)
    bytes += static_cast<std::uint64_t>(folder->files[to++].before.st_size);
  if (to < folder->files.size()) tasks_.push([this, folder, to](std::size_t w) { readFiles(folder, to, w); });

  Fd opened;
  const int fd = FolderFds::get(*folder, opened);
  const int folder_error = fd < 0 ? errno : 0;
  progress_.setCurrent(pathOf(*folder, folder->nodes[folder->files[from].slot].name));
  for (std::size_t i = from; i < to; ++i) {
    if (fd < 0) {
      drop(*folder, folder->files[i].slot, "its folder: " + describeFolder(folder_error));
    } else {
      readFile(*folder, fd, folder->files[i], worker);
    }
    finishJob(folder);
  }
}

void Walk::readFile(Folder& folder, int fd, const FileJob& job, std::size_t worker) {
  const Fd file(openForReading(fd, folder.nodes[job.slot].name));
  if (!file) return dropFile(folder, job.slot, errno == ELOOP ? ESTALE : errno);
  try {
    storeFile(folder, file.get(), job, worker);
  } catch (const FileReadError& error) {
    dropFile(folder, job.slot, error.errorNumber());
  }
}

void Walk::storeFile(Folder& folder, int fd, const FileJob& job, std::size_t worker) {
  StoredContent stored = content_.store(fd, job.before, worker);
  Node& node = folder.nodes[job.slot];
  if (!sameContentStat(job.before, stored.before))
    node = nodeFromStat(std::string(node.name), stored.before, owners_);
  node.content = std::move(stored.blobs);
  node.size = stored.bytes;
  readAttributes(node, {.fd = fd}, &folder);
  if (stored.changed) {
    warnings_.add(pathOf(folder, node.name),
                  "changed while it was read, stored as read at " + formatRfc3339(repository_.clock().now()));
  }
  ++(job.known ? files_changed_ : files_new_);
  const bool rewritten = job.known && contentMark(node.content) != job.known_content;
  if (rewritten) ++files_rewritten_;
  if (stored.scrambled && rewritten) ++scrambled_rewritten_;
  if (stored.scrambled && !job.known) ++scrambled_new_;
  ++progress_.files_done;
  bytes_ += stored.bytes;
}

// Enters the folder's next subfolder; those after it are left to whoever is free.
void Walk::enterFolders(const FolderPtr& folder, std::size_t from, std::size_t worker) {
  if (from + 1 < folder->folders.size())
    tasks_.push([this, folder, from](std::size_t w) { enterFolders(folder, from + 1, w); });
  const FolderJob& job = folder->folders[from];
  Fd opened;
  const int fd = FolderFds::get(*folder, opened);
  if (fd < 0) {
    drop(*folder, job.slot, "its folder: " + describeFolder(errno));
    finishJob(folder);
  } else {
    enterFolder(folder, fd, job, worker);
  }
}

void Walk::enterFolder(const FolderPtr& folder, int fd, const FolderJob& job, std::size_t worker) {
  Node& node = folder->nodes[job.slot];
  auto child = std::make_shared<Folder>(folder, job.slot);
  child->previous = job.previous;
  child->fd =
      Fd(::openat(fd, node.name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!child->fd) {
    drop(*folder, job.slot, describeFolder(errno == ELOOP || errno == ENOTDIR ? ESTALE : errno));
  } else {
    if (!job.attributes_known) readAttributes(node, {.fd = child->fd.get()}, folder.get());
    try {
      return scan(child, worker);
    } catch (const FileReadError& error) {
      // An open folder whose list is gone has itself been removed, and was empty then: nothing is missing.
      if (error.errorNumber() == ENOENT) {
        dropVanished(*folder, job.slot);
      } else {
        drop(*folder, job.slot, describe(error.errorNumber()));
      }
    }
  }
  finishJob(folder);
}

// Counts a job of the folder as done; the last one saves its tree, which is a job of its parent's, and so on.
void Walk::finishJob(const FolderPtr& folder) {
  FolderPtr at = folder;
  while (at && --at->pending == 0) {
    saveTree(*at);
    at = at->parent;
  }
}

void Walk::saveTree(Folder& folder) {
  BlobId id;
  if (!folder.changed && folder.previous) {
    id = *folder.previous;
    ++dirs_unmodified_;
  } else {
    Tree tree;
    tree.nodes.reserve(folder.nodes.size());
    for (std::size_t i = 0; i < folder.nodes.size(); ++i) {
      if (folder.dropped[i] == 0) tree.nodes.push_back(std::move(folder.nodes[i]));
    }
    id = writer_.saveTree(tree);
    ++(folder.previous ? dirs_changed_ : dirs_new_);
  }
  folder.nodes = {};
  folder_fds_.close(folder);
  if (!folder.parent) {
    root_tree_ = id;
    return;
  }
  if (folder.previous != id) folder.parent->changed = true;
  folder.parent->nodes[folder.slot].subtree = id;
}

// Leaves a node that was listed out of the tree, and says why.
void Walk::drop(Folder& folder, std::size_t slot, const std::string& what) {
  folder.dropped[slot] = 1;
  problem(folder, folder.nodes[slot].name, what);
}

void Walk::dropVanished(Folder& folder, std::size_t slot) {
  folder.dropped[slot] = 1;
  vanished(folder, folder.nodes[slot].name);
}

void Walk::dropFile(Folder& folder, std::size_t slot, int error_number) {
  if (error_number == ENOENT) return dropVanished(folder, slot);
  drop(folder, slot, describe(error_number));
}

void Walk::problem(Folder& folder, const std::string& name, const std::string& what) {
  folder.changed = true;
  errors_.add(pathOf(folder, name), what);
}

// A single thing that its folder no longer has: a later backup would not have it either.
void Walk::vanished(Folder& folder, const std::string& name) {
  folder.changed = true;
  warnings_.add(pathOf(folder, name), "vanished before it could be read");
}

// folder: where the node is, null for the root's own.
void Walk::readAttributes(Node& node, const AttributeOwner& owner, const Folder* folder) {
  try {
    node.extended_attributes = readExtendedAttributes(owner);
  } catch (const FileReadError& error) {
    node.error = "extended attributes: " + describe(error.errorNumber());
    errors_.add(folder == nullptr ? root_path_ : pathOf(*folder, node.name), node.error);
  }
}

std::string Walk::pathOf(const Folder& folder, const std::string& name) const {
  const std::string path = folder.path(root_path_);
  return path == "/" ? path + name : path + "/" + name;
}

}  // namespace

ArchiveResult archiveFolder(const std::filesystem::path& folder, const std::optional<BlobId>& parent,
                            const repository::Repository& repository, repository::BlobWriter& writer,
                            const ArchiveOptions& options, Progress& progress, const CancelToken& cancel) {
  return Walk(folder, repository, writer, options, progress, cancel).run(parent);
}

}  // namespace enamel::files
