#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "service/backup_figures.h"

namespace enamel::service {

// The place where the backups are kept, as it was found.
struct DestinationFacts {
  std::string problem;  // empty: the repository is there; else why not, for people
  std::optional<std::uint64_t> free_bytes, total_bytes;  // of its file system, without what is kept for root
  std::optional<std::uint64_t> snapshots;
  Timestamp checked;
};

// How long the space lasts.
struct DestinationForecast {
  std::optional<std::uint64_t> bytes_per_day;  // that backups add; nullopt: too few backups to tell
  std::optional<std::int64_t> full_in_days;    // at most kDaysMax
  static constexpr std::int64_t kDaysMax = 3650;
};

// From what backups of the last four weeks stored, those that had no parent (everything was new) left out. At
// least three backups over at least three days say something. Pure.
DestinationForecast forecast(const std::vector<BackupFigures>& backups,
                             const std::optional<DestinationFacts>& destination);

// Looks at a repository's folder in a thread of its own: a network folder whose server is gone may not answer
// for hours, and must keep nobody else. For one thread at a time.
class DestinationProbe {
 public:
  explicit DestinationProbe(const Clock& clock = Clock::system());
  // Leaves a look that gets no answer behind.
  ~DestinationProbe();
  DestinationProbe(const DestinationProbe&) = delete;
  DestinationProbe& operator=(const DestinationProbe&) = delete;

  // Waits that long at most; then the place "does not answer", and no second look begins before that one came
  // back.
  DestinationFacts look(const std::filesystem::path& repository,
                        std::chrono::milliseconds patience = std::chrono::seconds(10));

 private:
  struct Look;
  const Clock& clock_;
  std::shared_ptr<Look> pending_;  // one that did not come back yet
};

// The look itself.
DestinationFacts lookAtDestination(const std::filesystem::path& repository);

}  // namespace enamel::service
