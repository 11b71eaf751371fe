#include "service/ransom_signals.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/printable.h"
#include "service/alert_conditions.h"

namespace enamel::service {
namespace {

constexpr std::int64_t kLastsNs = 7LL * 24 * 3600 * 1'000'000'000;
constexpr std::size_t kUsualBackups = 10;
constexpr std::uint64_t kScrambledMin = 10;
constexpr std::uint64_t kFilesMin = 30;
constexpr std::uint64_t kShare = 10;  // a tenth
constexpr std::uint64_t kTimesUsual = 5;
constexpr std::size_t kTablesNamed = 5;

// What Open Dental hides or marks, and never deletes in numbers.
constexpr std::array<std::string_view, 12> kKeptTables = {
    "patient", "procedurelog", "appointment", "document", "payment",  "paysplit",
    "claim",   "claimproc",    "adjustment",  "commlog",  "procnote", "treatplan"};
// What it clears by itself, or by Remove Old Data.
constexpr std::array<std::string_view, 12> kClearedTables = {
    "signalod",     "securitylog", "securityloghash", "emailmessage", "emailattach",    "wikilisthist",
    "wikipagehist", "taskhist",    "entrylog",        "sessiontoken", "activeinstance", "emailmessageuid"};

template <class List>
bool holds(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool hasCollapsed(const TableFigures& table) {
  if (table.rows >= table.rows_before) return false;
  const std::uint64_t lost = table.rows_before - table.rows;
  if (holds(kKeptTables, table.name)) return table.rows_before >= 50 && lost >= table.rows_before / 5;
  if (holds(kClearedTables, table.name) || table.name.rfind("temp", 0) == 0) return false;
  return table.rows_before >= 500 && lost >= table.rows_before / 2;
}

// One backup against its parent and those before.
class Comparison {
 public:
  Comparison(const std::vector<BackupFigures>& backups, std::size_t at)
      : backup_(backups[at]), backups_(backups), at_(at) {}

  const BackupFigures& backup() const { return backup_; }

  std::uint64_t before() const {
    const BackupFigures* parent = parentOf(at_);
    return parent != nullptr ? parent->images->files() : backup_.images ? backup_.images->known() : 0;
  }
  // 0 where it is not known.
  std::uint64_t missing() const { return missingAt(at_); }

  bool isScrambled() const {
    if (!backup_.images) return false;
    const ImageFigures& images = *backup_.images;
    const bool in_place = images.scrambled_rewritten >= kScrambledMin &&
                          images.scrambled_rewritten >= images.files_rewritten / 2;
    const bool renamed = missing() >= kScrambledMin && images.scrambled_new >= kScrambledMin &&
                         images.scrambled_new >= images.files_new / 2 &&
                         images.scrambled_new >= missing() / 2;
    return in_place || renamed;
  }
  bool isRewritten() const {
    if (!backup_.images) return false;
    return isMuch(backup_.images->files_rewritten, [this](std::size_t i) {
      return backups_[i].images ? backups_[i].images->files_rewritten : 0;
    });
  }
  bool areMissing() const {
    return isMuch(missing(), [this](std::size_t i) { return missingAt(i); });
  }
  std::vector<TableFigures> collapsed() const {
    std::vector<TableFigures> tables;
    std::copy_if(backup_.fewer_rows.begin(), backup_.fewer_rows.end(), std::back_inserter(tables),
                 hasCollapsed);
    return tables;
  }

 private:
  const BackupFigures* parentOf(std::size_t at) const {
    for (std::size_t i = at + 1; i < backups_.size(); ++i)
      if (!backups_[at].parent.empty() && backups_[i].snapshot == backups_[at].parent && backups_[i].images)
        return &backups_[i];
    return nullptr;
  }
  std::uint64_t missingAt(std::size_t at) const {
    const BackupFigures* parent = parentOf(at);
    if (parent == nullptr || !backups_[at].images || !backups_[at].complete) return 0;
    const std::uint64_t known = backups_[at].images->known();
    return parent->images->files() > known ? parent->images->files() - known : 0;
  }
  template <class Count>
  bool isMuch(std::uint64_t files, Count count) const {
    if (files < kFilesMin || files < before() / kShare) return false;
    for (std::size_t i = at_ + 1; i < std::min(backups_.size(), at_ + 1 + kUsualBackups); ++i)
      if (files < kTimesUsual * count(i)) return false;
    return true;
  }

  const BackupFigures& backup_;
  const std::vector<BackupFigures>& backups_;
  const std::size_t at_;
};

// The first backup of the last seven days that shows it: the one before is what there was.
template <class Shows>
std::optional<Comparison> firstThat(const std::vector<BackupFigures>& backups, Timestamp now, Shows shows) {
  std::optional<Comparison> first;
  for (std::size_t i = 0; i < backups.size() && now.ns - backups[i].begin.ns <= kLastsNs; ++i) {
    const Comparison comparison(backups, i);
    if (shows(comparison)) first.emplace(comparison);
  }
  return first;
}

constexpr const char* kEncryptedAdvice =
    "If nobody in the office did this on purpose, take the server and the workstations off the network now "
    "(unplug the "
    "cables, leave them switched on) and call your technician. The backups made before are safe: do not "
    "remove any. "
    "Bring the images back from the backup before this one only when the technician says that the computers "
    "are clean.";

constexpr const char* kLookAdvice =
    "Open some images in Open Dental. If they are as they should be, and somebody moved, converted or "
    "cleaned up images, "
    "nothing is to be done: mute this. If not, call your technician at once, and do not remove any backup: "
    "those made "
    "before hold the images as they were.";

std::string tablesText(const std::vector<TableFigures>& tables) {
  std::string text;
  for (std::size_t i = 0; i < std::min(tables.size(), kTablesNamed); ++i)
    text += fmt::format("{}{}: {} rows, {} before", text.empty() ? "" : "; ", printable(tables[i].name),
                        tables[i].rows, tables[i].rows_before);
  if (tables.size() > kTablesNamed) text += fmt::format("; and {} more tables", tables.size() - kTablesNamed);
  return text + ".";
}

}  // namespace

std::vector<AlertCondition> ransomSignals(const std::vector<BackupFigures>& backups, Timestamp now,
                                          const TimeZone& zone) {
  std::vector<AlertCondition> signals;
  const auto add = [&](const char* code, std::string title, std::string detail, const char* advice,
                       const Comparison& at) {
    signals.push_back({.code = code,
                       .severity = AlertSeverity::kCritical,
                       .title = std::move(title),
                       .detail = std::move(detail),
                       .advice = advice,
                       .run = at.backup().run});
  };
  const auto when = [&](const Comparison& at) {
    return "Seen by the backup of " + clockText(zone, at.backup().begin) + ".";
  };
  const auto scrambled = firstThat(backups, now, [](const Comparison& at) { return at.isScrambled(); });
  if (scrambled) {
    const ImageFigures& images = *scrambled->backup().images;
    add("images_scrambled", "Images may have been encrypted by blackmail software",
        fmt::format("{} files in the image folder now hold random bytes where images were. {}",
                    images.scrambled_rewritten + (scrambled->missing() > 0 ? images.scrambled_new : 0),
                    when(*scrambled)),
        kEncryptedAdvice, *scrambled);
  }
  // The same files once more would be two alarms for one fire.
  const auto rewritten =
      firstThat(backups, now, [](const Comparison& at) { return at.isRewritten() && !at.isScrambled(); });
  if (rewritten)
    add("images_rewritten", "Many images were changed at once",
        fmt::format("{} of {} files in the image folder have other content than in the backup before. {}",
                    rewritten->backup().images->files_rewritten, rewritten->before(), when(*rewritten)),
        kLookAdvice, *rewritten);
  const auto missing =
      firstThat(backups, now, [](const Comparison& at) { return at.areMissing() && !at.isScrambled(); });
  if (missing) {
    const std::uint64_t fresh = missing->backup().images->files_new;
    const bool renamed = fresh >= missing->missing() / 2;
    add("images_missing", renamed ? "Many images were renamed or moved" : "Many images are gone",
        fmt::format("{} of {} files in the image folder are no longer where they were; {} are new. {}",
                    missing->missing(), missing->before(), fresh, when(*missing)),
        kLookAdvice, *missing);
  }
  const auto collapsed =
      firstThat(backups, now, [](const Comparison& at) { return !at.collapsed().empty(); });
  if (collapsed)
    add("rows_collapsed", "Tables of the database lost many rows",
        tablesText(collapsed->collapsed()) + " " + when(*collapsed),
        "Look in Open Dental whether patients, appointments and payments are there. If something is missing "
        "that nobody "
        "removed on purpose, stop working in Open Dental, call your technician, and do not remove any "
        "backup: the one "
        "before this holds what was there.",
        *collapsed);
  return signals;
}

}  // namespace enamel::service
