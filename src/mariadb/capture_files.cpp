#include "mariadb/capture_files.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "mariadb/file_name.h"
#include "mariadb/table_damage.h"

namespace enamel::mariadb {
namespace {

// Looks at files before the lock end when so little changed since the last one, or after so many.
constexpr std::uint64_t kLittleBytes = 32U << 20;
constexpr int kPassesMax = 3;
// Locks given back because reading was slow, before the next such one costs all tables that are written to.
constexpr int kSlowRoundsMax = 2;

std::string describe(const TableInfo& table) {
  switch (table.kind) {
    case TableKind::kView:
      return "a view";
    case TableKind::kSequence:
      return "a sequence";
    case TableKind::kTable:
      break;
  }
  return "a table of engine " + table.engine;
}

}  // namespace

CaptureFiles::CaptureFiles(CaptureContext& context, const std::vector<TableInfo>& inventory)
    : context_(context),
      workers_({.threads = cpuCount(), .queue_max = 64, .priority = Priority::kNormal, .name = "locked"}) {
  const CaptureOptions& options = context.options;
  const auto any = [&](auto&& is) { return std::any_of(inventory.begin(), inventory.end(), is); };
  const bool any_myisam = any([](const TableInfo& t) { return t.isMyIsam(); });
  const bool any_broken = any([](const TableInfo& t) { return !t.problem.empty(); });
  if (options.rows_only || (!any_myisam && !any_broken && options.data_folder.empty())) return;
  FoundFolder found = findDatabaseFolder(context.control, context.facts, context.database(),
                                         options.data_folder, context.cancel);
  if (!found.folder) {
    if (any_myisam)
      context.warn(
          "the table files are out of reach, so MyISAM tables are read as rows while the office waits: " +
          found.why_not + " (--data-folder says where this machine sees the server's data folder)");
    return;
  }
  folder_ = std::move(found.folder);
  damaged_ = std::move(found.damaged);
  for (const TableInfo& table : inventory) {
    if (table.isMyIsam()) {
      myisam_.insert(table.stem);
    } else if (table.problem.empty() || table.kind != TableKind::kTable) {
      other_.emplace(table.stem, describe(table));
    }
  }
  list();
  PreCopy::Options precopy;
  precopy.threads = context.threads();
  precopy.priority = options.priority;
  precopy.keep_indexes = options.indexes == Indexes::kKeep;
  precopy.trust_times = !context.facts.maps_data_files;
  precopy.time_step_ns = static_cast<std::int64_t>(options.file_time_step_s * 1e9);
  precopy.now_ns = [&context] { return context.serverNowNs(); };
  precopy.parent = context.parentTables();
  precopy.is_stored = [&repository = context.repository](const repository::BlobId& id) {
    return repository.has(repository::BlobType::kData, id);
  };
  precopy.parent_instant_ns = context.parent.instant_ns;
  precopy_ = std::make_unique<PreCopy>(*folder_, hasher_, context.writer, context.limiter, std::move(precopy),
                                       context.progress, context.cancel);
}

void CaptureFiles::list() {
  listing_ = folder_->list();
  stems_.clear();
  for (const auto& [stem, set] : listing_)
    if (set.isMyIsam() && other_.count(stem) == 0 && given_up_.count(stem) == 0) stems_.insert(stem);
}

std::uint64_t CaptureFiles::rowBytes() const {
  std::uint64_t bytes = 0;
  for (const std::string& stem : stems_) bytes += listing_.at(stem).rowBytes();
  return bytes;
}

void CaptureFiles::prepare() {
  if (!inUse()) return;
  context_.progress.setPhase("reading tables");
  for (int pass = 0; pass < kPassesMax; ++pass) {
    const std::uint64_t bytes = precopy_->pass(listing_, stems_);
    context_.writer.settle();  // what follows is not to wait behind packs on a busy disk
    list();
    if (bytes < kLittleBytes) break;
  }
  prepareClones();
  locked_.reset();
  kept_ = std::make_unique<KeptBlocks>(context_.options.spill_bytes_max);
  locked_ = std::make_unique<LockedRead>(*folder_, hasher_, *precopy_, *kept_, workers_,
                                         cloner_ && cloner_->works() ? cloner_.get() : nullptr,
                                         LockedReadPace{.seconds_max = context_.options.locked_read_max_s,
                                                        .give_up_all = slow_rounds_ >= kSlowRoundsMax});
  syncTables();  // last: each moment after it brings new writes
}

// The server writes what is not on the disk yet of every table that was written to before it grants the lock,
// and a clone does so too: with everybody waiting. What is written here before is not left for then; the
// second time takes what came while the first, which may take long, was at work. Not for the disk of another
// computer.
void CaptureFiles::syncTables() {
  constexpr int kTimes = 2;
  if (folder_->remote()) return;
  for (int time = 0; time < kTimes; ++time) {
    for (const std::string& stem : stems_) {
      for (const TableFile& file : listing_.at(stem).files) {
        if (file.stat_error != 0 || precopy_->isCurrent(file)) continue;
        context_.cancel.check();
        try {
          ::fdatasync(folder_->open(file.name).get());
        } catch (const Error&) {
          // Dropped just now, or a problem that reading it names.
        }
      }
    }
  }
}

void CaptureFiles::prepareClones() {
  if (!context_.options.clone || (cloner_ && !cloner_->works())) return;
  for (const std::string& stem : stems_) {
    for (const TableFile& file : listing_.at(stem).files) {
      if (file.stat_error != 0 || file.stamp.size < LockedRead::kCloneBytesMin || precopy_->isCurrent(file) ||
          (file.kind == FileKind::kIndexes && !precopy_->options().keep_indexes))
        continue;
      if (!cloner_) cloner_ = std::make_unique<FileCloner>(*folder_, file.name);
      return;
    }
  }
}

bool CaptureFiles::read(bool force) {
  if (!inUse()) return true;
  list();
  switch (locked_->read(listing_, stems_, force)) {
    case LockedRead::Outcome::kRead:
      return true;
    case LockedRead::Outcome::kMuchNew:
      break;
    case LockedRead::Outcome::kSlow:
      // A disk that hesitated for a moment does not do so again.
      if (++slow_rounds_ > 1) given_up_.insert(locked_->slow().begin(), locked_->slow().end());
      break;
  }
  return false;
}

// Nobody can make or alter one meanwhile. One that turns out not to be MyISAM is left to the rows.
void CaptureFiles::confirmEngines() {
  if (!inUse()) return;
  const std::set<std::string> stems = stems_;
  for (const std::string& stem : stems) {
    if (myisam_.count(stem) != 0) continue;
    const std::string name = decodeFileName(stem).value_or("#mysql50#" + stem);
    for (const StoredRow& row : context_.control.query(
             "SELECT TABLE_NAME, TABLE_TYPE, ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = " +
             quoteValue(context_.database()) + " AND TABLE_NAME = " + quoteValue(name))) {
      if (row.at(0) != name || !row.at(2)) continue;  // another letter case; one that cannot be opened
      if (row.at(2) == "MyISAM" && row.at(1) != "SEQUENCE") continue;
      stems_.erase(stem);
      other_.emplace(stem, row.at(1) == "SEQUENCE" ? "a sequence" : "a table of engine " + *row.at(2));
    }
  }
}

void CaptureFiles::store() {
  if (!inUse()) return;
  context_.progress.setPhase("storing what changed");
  locked_->finish(context_.writer, context_.cancel);
}

void CaptureFiles::confirm() {
  if (!inUse()) return;
  FolderProof proof =
      proveFolder(context_.control, context_.database(), *folder_, ProofMoment::kAfterLock, context_.cancel);
  damaged_after_ = std::move(proof.damaged);
  if (proof.contradiction.empty()) return;
  throw Error(ErrorCode::kVerifyFailed,
              folder_->path().string() + " does not follow what the server writes: " + proof.contradiction,
              "it may be a copy, or a mount that shows old data; nothing was backed up from it");
}

// Returns why the table cannot be captured, empty if it can.
std::string CaptureFiles::take(const std::string& name, const std::string& stem, SnapshotNodes& make) {
  for (const auto* problems : {&precopy_->problems(), &locked_->problems()}) {
    if (const auto problem = problems->find(stem); problem != problems->end())
      return withAdvice(problem->second, name);
  }
  const CapturedFiles& files = precopy_->files();
  std::uint64_t rows = 0;
  bool closed = true;
  for (const TableFile& listed : listing_.at(stem).files) {
    const CapturedFile& file = files.at(listed.name);
    if (file.kind != FileKind::kIndexes) continue;
    if (!file.header || file.content.empty()) return withAdvice(listed.name + " is no index file", name);
    if (file.header->crashed) return withAdvice("the server has marked it as crashed", name);
    closed &= file.header->open_count == 0;
    const auto data = files.find(listed.name.substr(0, listed.name.size() - 1) + "D");
    if (data == files.end() || data->second.bytes < file.header->data_file_bytes)
      return withAdvice("its .MYD is shorter than its index says", name);
    rows += file.header->rows;
  }
  if (!closed)
    context_.warn("table " + name +
                  " was not closed by an earlier run of the server; CHECK TABLE looks into it");
  const bool keyed = context_.options.indexes == Indexes::kKeep;
  ManifestTable& taken = context_.entry({.name = name, .stem = stem, .engine = "MyISAM"},
                                        keyed ? TableForm::kFilesKeyed : TableForm::kFiles);
  taken.rows = rows;
  for (const TableFile& listed : listing_.at(stem).files)
    context_.add(taken, make.tableFile(files.at(listed.name), context_.parentTables()));
  return {};
}

void CaptureFiles::warnOfLeftovers(const std::string& name, const std::string& stem) {
  const auto other = other_.find(stem);
  const auto set = listing_.find(stem);
  if (other == other_.end() || set == listing_.end() || other->second == "a sequence") return;
  for (const TableFile& file : set->second.files) {
    if (file.kind == FileKind::kDefinition) continue;
    context_.warn(file.name + " lies in the data folder, but " + name + " is " + other->second +
                  " and has no such file: it is left over from something and is not in the backup");
  }
}

void CaptureFiles::take(const std::vector<std::string>& names, SnapshotNodes& make) {
  if (!inUse()) return;
  for (const auto& [stem, damaged] : damaged_after_) context_.fail(damaged.name, damaged.what);
  for (const std::string& name : names) {
    const std::string stem = encodeFileName(name);
    warnOfLeftovers(name, stem);
    if (!has(stem) || context_.table_errors.count(name) != 0) continue;
    // One that was mended meanwhile had no files to read under the lock.
    const auto slow = given_up_.find(stem);
    const std::string problem = slow != given_up_.end()   ? slow->second
                                : stems_.count(stem) != 0 ? take(name, stem, make)
                                                          : damaged_.at(stem).what;
    if (!problem.empty()) context_.fail(name, problem);
  }
}

}  // namespace enamel::mariadb
