#include "jobs/restore.h"

#include <system_error>
#include <utility>

#include "base/file.h"
#include "jobs/parent.h"
#include "jobs/reading_lock.h"
#include "jobs/restore_target.h"
#include "jobs/selection.h"
#include "mariadb/connection.h"
#include "opendental/practice.h"

namespace enamel::jobs {
namespace {

using repository::BlobId;
using repository::Repository;

std::filesystem::path normal(const std::filesystem::path& path) {
  const std::filesystem::path canonical = std::filesystem::weakly_canonical(std::filesystem::absolute(path));
  return canonical.has_filename() ? canonical : canonical.parent_path();
}

// One restore from its checks to its end; run() is the table of contents.
class Restore {
 public:
  Restore(Repository& repository, const RestoreOptions& options, Progress& progress, CancelToken& cancel)
      : repository_(repository), options_(options), progress_(progress), cancel_(cancel) {}

  RestoreResult run() {
    const double start_s = monotonicSeconds();
    checkOptions();
    progress_.setPhase("opening the repository");
    const auto lock = lockForReading(repository_, &cancel_, result_.warnings);
    result_.snapshot = repository_.findSnapshot(options_.snapshot, &result_.warnings);
    if (result_.snapshot.hasTag(repository::kIncompleteTag))
      result_.warnings.push_back("snapshot " + result_.snapshot.id.shortHex() +
                                 " is incomplete: something could not be read when it was made");
    repository_.loadIndex(cancel_);
    findParts();
    checkTargets();
    if (options_.database_to) restoreDatabase();
    try {
      if (images_target_)
        result_.images = restoreFolder(*images_target_, *images_->subtree, "images", kImagesName);
      if (files_target_) result_.files = restoreFolder(*files_target_, result_.snapshot.tree, "files", {});
    } catch (Error& error) {
      if (result_.database) error.addHint(whatIsLeft());
      throw;
    }
    if (!result_.complete()) result_.what_is_left = whatIsLeft();
    result_.seconds_total = monotonicSeconds() - start_s;
    return std::move(result_);
  }

 private:
  void checkOptions() const {
    if (!options_.database_to && options_.images_to.empty() && options_.files_to.empty())
      throw Error(ErrorCode::kUsage, "nothing to restore to",
                  "give --database-to URL, --images-to DIR, --files-to DIR, or several of them");
    if (!options_.images_to.empty() && !options_.files_to.empty() &&
        normal(options_.images_to) == normal(options_.files_to))
      throw Error(ErrorCode::kUsage, "--images-to and --files-to name the same folder",
                  "--files-to restores the images too, below images/");
    if (!options_.doc_path.empty() && !options_.database_to)
      throw Error(ErrorCode::kUsage, "--doc-path PATH needs --database-to URL");
    if (!options_.as.empty() && !options_.database_to)
      throw Error(ErrorCode::kUsage, "--as NAME needs --database-to URL");
    refuseRepository(options_.images_to);
    refuseRepository(options_.files_to);
  }

  // Strange files among the packs would be taken for a damaged repository.
  void refuseRepository(const std::filesystem::path& target) const {
    if (target.empty()) return;
    std::error_code error;
    const std::filesystem::path repository =
        std::filesystem::canonical(repository_.storage().location(), error);
    if (!error && isInside(normal(target), repository))
      throw Error(
          ErrorCode::kUsage,
          "the folder to restore to, " + target.string() + ", is in the repository " + repository.string(),
          "name a folder elsewhere");
  }

  std::optional<repository::Node> part(const char* name) const {
    const repository::Tree root = repository_.loadTree(result_.snapshot.tree);
    const repository::Node* node = root.find(name);
    return node == nullptr || !node->subtree ? std::nullopt : std::optional(*node);
  }

  // The same command again would meet the database that it made.
  std::string whatIsLeft() const {
    if (!result_.database) return "remove the cause and run the same command again";
    const std::string name = "the database " + result_.database->database;
    if (!result_.database->errors.empty())
      return name +
             " is there with what could be restored of it; to try again, use --as with another name, or drop "
             "it "
             "first";
    return name + " is restored and whole; for the rest remove the cause and run again without --database-to";
  }

  // A snapshot that is not ours, or whose manifest is damaged, still gives its files.
  std::optional<mariadb::Manifest> manifestForSelection() {
    if (!database_ || options_.only.empty()) return std::nullopt;
    try {
      return mariadb::loadManifest(repository_, *database_->subtree);
    } catch (const Error& error) {
      if (options_.database_to ||
          (error.code() != ErrorCode::kNotFound && error.code() != ErrorCode::kCorrupt))
        throw;
      result_.warnings.push_back("tables cannot be told from files: " + std::string(error.what()));
      return std::nullopt;
    }
  }

  void findParts() {
    database_ = part(kDatabaseName);
    images_ = part(kImagesName);
    selection_ = Selection(options_.only, repository_, result_.snapshot.tree, manifestForSelection());
    const std::string id = result_.snapshot.id.shortHex();
    if (options_.database_to && !database_)
      throw Error(ErrorCode::kNotFound, "snapshot " + id + " holds no database",
                  "`enamel snapshots` shows what each one holds");
    if (!options_.images_to.empty() && !images_)
      throw Error(ErrorCode::kNotFound, "snapshot " + id + " holds no image folder",
                  "`enamel snapshots` shows what each one holds; --files-to restores any snapshot");
  }

  void checkTargets() {
    if (options_.database_to) {
      tables_ = selection_.tables();
      if (tables_ && tables_->empty())
        throw Error(ErrorCode::kUsage, "--database-to is given, but no --only path is a table",
                    "name tables as /database/NAME/TABLE");
    }
    if (!options_.images_to.empty()) {
      if (!selection_.mayContain(kImagesName))
        throw Error(ErrorCode::kUsage, "--images-to is given, but no --only path is below /images");
      images_target_.emplace(options_.images_to, result_.snapshot.id, options_.only, options_.into_existing);
    }
    if (!options_.files_to.empty())
      files_target_.emplace(options_.files_to, result_.snapshot.id, options_.only, options_.into_existing);
  }

  void restoreDatabase() {
    progress_.setPhase("restoring the database");
    mariadb::RestoreDatabaseOptions restore;
    restore.as = options_.as;
    restore.data_folder = options_.data_folder;
    restore.scratch_folder = options_.scratch_folder;
    restore.rows_only = options_.rows_only;
    restore.threads = options_.threads;
    if (tables_) restore.only = *tables_;
    result_.database = mariadb::restoreDatabase(repository_, *database_->subtree, *options_.database_to,
                                                restore, progress_, cancel_);
    for (const std::string& error : result_.database->errors)
      result_.errors.push_back({"database " + result_.database->database, error});
    for (const std::string& warning : result_.database->warnings) result_.warnings.push_back(warning);
    if (!options_.doc_path.empty()) setDocPath();
  }

  // Of the copy only: the database that people work with is not written to.
  void setDocPath() {
    progress_.setPhase("setting the image folder of the restored database");
    try {
      mariadb::Address address = *options_.database_to;
      address.database = result_.database->database;
      mariadb::Connection connection(address);
      opendental::setDocPath(connection, options_.doc_path);
    } catch (const Error& error) {
      result_.errors.push_back({"preference DocPath of " + result_.database->database, error.what()});
    }
  }

  files::RestoreResult restoreFolder(RestoreTarget& target, const BlobId& tree, const std::string& what,
                                     const std::string& below) {
    cancel_.check();
    progress_.setPhase("restoring " + what);
    files::RestoreOptions restore;
    restore.threads = options_.threads;
    if (!selection_.everything()) {
      const std::string prefix = below.empty() ? std::string() : below + "/";
      restore.accept = [this, prefix](const std::string& path) { return selection_.accepts(prefix + path); };
      restore.may_contain = [this, prefix](const std::string& path) {
        return selection_.mayContain(prefix + path);
      };
    }
    target.begin();
    files::RestoreResult restored =
        files::restoreTree(repository_, tree, target.folder(), restore, progress_, cancel_);
    for (const files::Problem& problem : restored.errors) result_.errors.push_back(problem);
    // With errors the mark stays: running again, with the cause removed, completes the folder.
    if (!restored.errors.empty()) return restored;
    target.finish();
    if (below == kImagesName && target.isOurs()) {
      const std::string problem = files::restoreOwnMetadata(target.folder(), *images_, restore.ownership);
      if (!problem.empty()) result_.errors.push_back({target.folder().string(), problem});
    }
    return restored;
  }

  Repository& repository_;
  const RestoreOptions& options_;
  Progress& progress_;
  CancelToken& cancel_;
  std::optional<repository::Node> database_, images_;  // each with its tree
  Selection selection_;
  std::optional<std::vector<std::string>> tables_;
  std::optional<RestoreTarget> images_target_, files_target_;
  RestoreResult result_;
};

}  // namespace

RestoreResult runRestore(Repository& repository, const RestoreOptions& options, Progress& progress,
                         CancelToken& cancel) {
  return Restore(repository, options, progress, cancel).run();
}

}  // namespace enamel::jobs
