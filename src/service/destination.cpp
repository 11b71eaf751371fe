#include "service/destination.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/threads.h"

namespace enamel::service {
namespace {

constexpr std::int64_t kDayNs = 24LL * 3600 * 1'000'000'000;
constexpr std::size_t kBackupsMin = 3;
constexpr std::int64_t kSpanMinNs = 3 * kDayNs;
constexpr std::int64_t kLookBackNs = 28 * kDayNs;

std::string words(int error_number) {
  return std::generic_category().message(error_number);
}

std::uint64_t countEntries(const std::filesystem::path& folder) {
  std::uint64_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    static_cast<void>(entry);
    ++count;
  }
  return count;
}

// Where the repository's own file is: a folder where a disk is not mounted is there, and empty.
std::string problemOf(const std::filesystem::path& repository) {
  std::error_code error;
  const bool is_folder = std::filesystem::is_directory(repository, error);
  if (error && error.value() != ENOENT && error.value() != ENOTDIR) return words(error.value());
  if (!is_folder) return "the folder is not there";
  const bool has_config = std::filesystem::exists(repository / "config", error);
  if (error) return words(error.value());
  return has_config ? std::string() : "the folder is there, but no backups are in it";
}

}  // namespace

DestinationFacts lookAtDestination(const std::filesystem::path& repository) {
  DestinationFacts facts;
  facts.problem = problemOf(repository);
  if (!facts.problem.empty()) return facts;
  struct statvfs space {};
  if (statvfs(repository.c_str(), &space) == 0 && space.f_blocks != 0) {
    facts.free_bytes = std::uint64_t{space.f_bavail} * space.f_frsize;
    facts.total_bytes = std::uint64_t{space.f_blocks} * space.f_frsize;
  }
  try {
    facts.snapshots = countEntries(repository / "snapshots");
  } catch (const std::filesystem::filesystem_error&) {
    // A number for the metrics; who cannot read the folder will see it by failed backups.
  }
  return facts;
}

struct DestinationProbe::Look {
  explicit Look(std::filesystem::path path) : repository(std::move(path)) {}

  const std::filesystem::path repository;
  std::mutex mutex;
  std::condition_variable came_back;
  std::optional<DestinationFacts> facts;  // guarded by mutex
};

DestinationProbe::DestinationProbe(const Clock& clock) : clock_(clock) {}
DestinationProbe::~DestinationProbe() = default;

DestinationFacts DestinationProbe::look(const std::filesystem::path& repository,
                                        std::chrono::milliseconds patience) {
  if (!pending_ || pending_->repository != repository) {
    pending_ = std::make_shared<Look>(repository);
    std::thread thread = startThread([look = pending_] {
      DestinationFacts facts = lookAtDestination(look->repository);
      const std::lock_guard lock(look->mutex);
      look->facts = std::move(facts);
      look->came_back.notify_all();
    });
    thread.detach();
  }
  DestinationFacts facts{
      .problem = "it does not answer", .free_bytes = {}, .total_bytes = {}, .snapshots = {}, .checked = {}};
  const std::shared_ptr<Look> look = pending_;
  std::unique_lock lock(look->mutex);
  if (look->came_back.wait_for(lock, patience, [&] { return look->facts.has_value(); })) {
    facts = *look->facts;
    pending_.reset();
  }
  facts.checked = clock_.now();
  return facts;
}

DestinationForecast forecast(const std::vector<BackupFigures>& backups,
                             const std::optional<DestinationFacts>& destination) {
  DestinationForecast result;
  if (backups.empty()) return result;
  const Timestamp newest = backups.front().begin;
  Timestamp oldest = newest;
  std::uint64_t bytes = 0, of_oldest = 0;
  std::size_t count = 0;
  for (const BackupFigures& backup : backups) {
    if (backup.parent.empty() || newest.ns - backup.begin.ns > kLookBackNs) break;
    bytes += backup.stored_bytes;
    of_oldest = backup.stored_bytes;
    oldest = std::min(oldest, backup.begin);
    ++count;
  }
  const std::int64_t span_ns = newest.ns - oldest.ns;
  if (count < kBackupsMin || span_ns < kSpanMinNs) return result;
  // What the oldest one stored came together before the time that is looked at.
  const double per_day =
      static_cast<double>(bytes - of_oldest) * static_cast<double>(kDayNs) / static_cast<double>(span_ns);
  result.bytes_per_day = static_cast<std::uint64_t>(per_day);
  if (!destination || !destination->free_bytes || per_day < 1) return result;
  const double days = static_cast<double>(*destination->free_bytes) / per_day;
  result.full_in_days = static_cast<std::int64_t>(std::min<double>(days, DestinationForecast::kDaysMax));
  return result;
}

}  // namespace enamel::service
