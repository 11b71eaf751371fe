#include "jobs/backup.h"

#include <algorithm>
#include <utility>

#include "jobs/documents.h"
#include "jobs/image_folder.h"
#include "jobs/parent.h"
#include "jobs/version.h"
#include "mariadb/restore.h"
#include "repository/lock.h"
#include "repository/process_identity.h"

namespace enamel::jobs {
namespace {

using repository::Repository;
using repository::Snapshot;
using repository::SnapshotSummary;

template <class T>
void append(std::vector<T>& to, std::vector<T> from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

// One backup from its checks to its snapshot; run() is the table of contents.
class Backup {
 public:
  Backup(Repository& repository, const BackupOptions& options, Progress& progress, CancelToken& cancel)
      : repository_(repository), options_(options), progress_(progress), cancel_(cancel) {}

  BackupResult run() {
    const double start_s = monotonicSeconds();
    summary_.backup_start = repository_.clock().now();
    checkSources();
    progress_.setPhase("opening the repository");
    repository::RepositoryLock lock(repository_, repository::LockKind::kShared, &cancel_);
    repository_.storage().sweep();
    repository::ProcessIdentity identity = repository::processIdentity();
    if (!options_.hostname.empty()) identity.hostname = options_.hostname;
    parent_ = findParent(repository_, identity.hostname, options_.database.has_value(), hasImages(),
                         repository_.clock().now(), cancel_);
    append(result_.warnings, parent_.warnings);

    repository::WriterOptions writer_options = options_.writer;
    writer_options.priority = options_.priority;
    writer_ = repository_.newWriter(writer_options);
    repository::Tree root;
    if (options_.database) root.nodes.push_back(captureDatabase());
    if (hasImages()) root.nodes.push_back(archiveImages());
    store(root);
    if (documents_) compareDocuments(*root.nodes.back().subtree);
    warnIfShrunk();
    lock.check();  // others may have removed meanwhile what was found to be there
    saveSnapshot(identity);
    result_.seconds_total = monotonicSeconds() - start_s;
    return std::move(result_);
  }

 private:
  bool hasImages() const { return !options_.images.empty(); }

  void checkSources() {
    if (!options_.database && !hasImages())
      throw Error(ErrorCode::kUsage, "nothing to back up: neither a database nor an image folder was given",
                  "give --database URL, --images DIR, or both");
    if (!hasImages()) return;
    image_folder_ = inspectImageFolder(options_.images, options_.excludes, repository_.storage().location());
    append(result_.warnings, image_folder_.warnings);
  }

  repository::Node captureDatabase() {
    progress_.setPhase("reading the database");
    mariadb::CaptureOptions capture;
    capture.data_folder = options_.data_folder;
    capture.rows_only = options_.rows_only;
    capture.lock_wait_s = options_.lock_wait_s;
    capture.lock_attempts_max = options_.lock_attempts_max;
    capture.indexes = options_.indexes;
    capture.threads = options_.threads;
    capture.priority = options_.priority;
    capture.read_bytes_per_second_max = options_.read_bytes_per_second_max;
    mariadb::CaptureResult captured = captureWithHints(capture);
    // As with an empty image folder: an account that may see nothing sees an empty database, too.
    if (captured.manifest.tables.empty() && captured.manifest.views == 0 && captured.errors.empty()) {
      throw Error(
          ErrorCode::kNotFound,
          "the database " + captured.manifest.database + " holds no table that this account may read",
          "check the database's name in the URL, and the account's rights: GRANT SELECT, SHOW VIEW, ... "
          "ON the database, as the README says");
    }
    addStats(captured.stats);
    append(result_.errors, std::move(captured.errors));
    append(result_.warnings, std::move(captured.warnings));
    result_.manifest = std::move(captured.manifest);
    compareRows();
    captured.root.name = kDatabaseName;
    if (hasImages()) noteDocuments();
    return std::move(captured.root);
  }

  mariadb::CaptureResult captureWithHints(const mariadb::CaptureOptions& capture) {
    try {
      return mariadb::captureDatabase(*options_.database, parent_.database, repository_, *writer_, capture,
                                      progress_, cancel_);
    } catch (Error& error) {
      if (error.code() == ErrorCode::kNotFound) error.addHint("check the database's name in the URL");
      if (error.code() == ErrorCode::kDatabaseUnreachable)
        error.addHint("see that the database server runs, and check host and port (or socket) in the URL");
      if (error.code() == ErrorCode::kDatabaseDenied)
        error.addHint("check the user, its password, and the rights the README says it needs");
      throw;
    }
  }

  void compareRows() {
    if (!parent_.database) return;
    try {
      result_.fewer_rows =
          rowLosses(mariadb::loadManifest(repository_, *parent_.database), *result_.manifest);
    } catch (const Error&) {
      // A comparison with what is damaged says nothing, and costs no backup.
    }
  }

  // Neither of the two may cost the backup: what cannot be compared is said.
  void noteDocuments() {
    try {
      documents_ = DocumentCheck::begin(*options_.database, *result_.manifest);
    } catch (const Error& error) {
      warnNotCompared(error);
    }
  }
  void compareDocuments(const repository::BlobId& images) {
    progress_.setPhase("comparing documents with images");
    try {
      append(result_.warnings, documents_->compare(repository_, images, image_folder_, cancel_));
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kCancelled) throw;
      warnNotCompared(error);
    }
  }
  void warnNotCompared(const Error& error) {
    result_.warnings.push_back("the documents could not be compared with the images: " +
                               std::string(error.what()));
  }

  // After the database's instant: a document row never points to a file that is newer than the walk.
  repository::Node archiveImages() {
    cancel_.check();
    progress_.setPhase("reading images");
    // How much there will be is known only from last time.
    progress_.bytes_total = sameAsParent() ? parent_.snapshot->summary->total_bytes_processed : 0;
    files::ArchiveOptions archive;
    archive.threads = options_.threads;
    archive.priority = options_.priority;
    archive.read_bytes_per_second_max = options_.read_bytes_per_second_max;
    archive.excludes = image_folder_.excludes;
    archive.parent_begin = parent_.images_begin;
    files::ArchiveResult archived = files::archiveFolder(image_folder_.path, parent_.images, repository_,
                                                         *writer_, archive, progress_, cancel_);
    if (archived.stats.files == 0 && archived.errors.empty())
      throw Error(ErrorCode::kNotFound, "image folder " + image_folder_.path.string() + " holds no files",
                  "check the path; if it is a network folder, see that it is mounted, then run again");
    addStats(archived.stats);
    result_.images = archived.stats;
    append(result_.errors, std::move(archived.errors));
    for (const files::Problem& warning : archived.warnings)
      result_.warnings.push_back(warning.path + ": " + warning.what);
    archived.root.name = kImagesName;
    return std::move(archived.root);
  }

  void addStats(const files::ArchiveStats& stats) {
    summary_.files_new += stats.files_new;
    summary_.files_changed += stats.files_changed;
    summary_.files_unmodified += stats.files_unmodified;
    summary_.dirs_new += stats.dirs_new;
    summary_.dirs_changed += stats.dirs_changed;
    summary_.dirs_unmodified += stats.dirs_unmodified;
    summary_.total_files_processed += stats.files;
    summary_.total_bytes_processed += stats.bytes;
  }

  std::vector<std::string> paths() const {
    std::vector<std::string> result;
    if (options_.database) result.push_back(std::string("/") + kDatabaseName);
    if (hasImages()) result.push_back(std::string("/") + kImagesName);
    return result;
  }

  // Whether the parent's figures can be held against this backup's.
  bool sameAsParent() const {
    return parent_.snapshot && parent_.snapshot->summary && parent_.snapshot->paths == paths();
  }

  // A share that lost most of what it held is read without any error, so the count is the only sign.
  void warnIfShrunk() {
    if (!sameAsParent()) return;
    const std::uint64_t before = parent_.snapshot->summary->total_files_processed;
    const std::uint64_t now = summary_.total_files_processed;
    if (now < before / 2)
      result_.warnings.push_back("this backup holds " + std::to_string(now) + " files, the one before it " +
                                 std::to_string(before) + "; see that nothing was lost");
  }

  void store(const repository::Tree& root) {
    progress_.setPhase("finishing");
    cancel_.check();
    result_.snapshot.tree = writer_->saveTree(root);
    writer_->flush();
  }

  void saveSnapshot(const repository::ProcessIdentity& identity) {
    Snapshot& snapshot = result_.snapshot;
    const repository::WriteStats written = writer_->stats();
    summary_.data_blobs = written.data_blobs;
    summary_.tree_blobs = written.tree_blobs;
    summary_.data_added = written.bytes_added;
    summary_.data_added_packed = written.bytes_packed;
    summary_.backup_end = repository_.clock().now();

    snapshot.time = result_.manifest ? result_.manifest->instant : summary_.backup_start;
    if (parent_.snapshot) snapshot.parent = parent_.snapshot->id;
    snapshot.paths = paths();
    snapshot.hostname = identity.hostname;
    snapshot.username = identity.username;
    snapshot.uid = identity.uid;
    snapshot.gid = identity.gid;
    snapshot.excludes = image_folder_.recorded_excludes;
    snapshot.tags = options_.tags;
    if (!result_.complete() && !snapshot.hasTag(repository::kIncompleteTag))
      snapshot.tags.emplace_back(repository::kIncompleteTag);
    snapshot.program_version = programVersion();
    snapshot.summary = summary_;
    cancel_.check();
    repository_.saveSnapshot(snapshot);
  }

  Repository& repository_;
  const BackupOptions& options_;
  Progress& progress_;
  CancelToken& cancel_;
  ImageFolder image_folder_;
  Parent parent_;
  std::optional<DocumentCheck> documents_;
  std::unique_ptr<repository::BlobWriter> writer_;
  SnapshotSummary summary_;
  BackupResult result_;
};

}  // namespace

BackupResult runBackup(Repository& repository, const BackupOptions& options, Progress& progress,
                       CancelToken& cancel) {
  return Backup(repository, options, progress, cancel).run();
}

}  // namespace enamel::jobs
