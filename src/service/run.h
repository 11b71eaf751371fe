#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/progress.h"
#include "base/time.h"

namespace enamel::service {

enum class RunKind { kBackup, kRestore, kDrill, kForget, kPrune, kCheck, kRemoval, kGoLive, kUndo };

enum class RunState {
  kQueued,
  kRunning,
  kDone,         // complete
  kIncomplete,   // made, but things are missing from it
  kFailed,       // see error
  kCancelled,    // by a person
  kInterrupted,  // the service was stopped, or died
};

// Stable names, as in the state and in the API: "backup", "interrupted".
std::string_view name(RunKind kind);
std::string_view name(RunState state);
// nullopt if it is no such name.
std::optional<RunKind> runKindOf(std::string_view name);
std::optional<RunState> runStateOf(std::string_view name);

// Neither queued nor running.
bool ended(RunState state);

// What a Progress showed at one moment.
struct ProgressSample {
  std::uint64_t bytes_done = 0, bytes_total = 0;
  std::uint64_t files_done = 0, files_total = 0;
  std::uint64_t tables_done = 0, tables_total = 0;
  std::string phase, current;

  static ProgressSample of(const Progress& progress);
  friend bool operator==(const ProgressSample&, const ProgressSample&) = default;
};

// Why a run failed: an enamel::Error in texts.
struct RunError {
  std::string code;  // errorName()
  std::string message;
  std::string hint;
  friend bool operator==(const RunError&, const RunError&) = default;
};

// What somebody asks for. Equal requests are one: see JobQueue::submit().
struct RunRequest {
  RunKind kind = RunKind::kBackup;
  std::string repository;  // which one it works on: the configuration's name or path of it
  std::string options;     // JSON that says all else; no secrets. Equal texts are equal requests.
};

// One run of one job, as the history has it.
struct Run {
  std::int64_t id = 0;  // grows with time, never used again
  RunRequest request;
  std::string started_by;  // a user's name, or "schedule"
  RunState state = RunState::kQueued;
  Timestamp queued;
  std::optional<Timestamp> started, ended;
  ProgressSample progress;  // while it runs: some seconds old; JobQueue has the newest
  std::string snapshot;     // 64 digits: the one made, restored or drilled; empty if there is none (yet)
  std::optional<RunError> error;
};

// How a run ended.
struct RunOutcome {
  RunState state = RunState::kDone;  // one of those that are ended()
  ProgressSample progress;
  std::string snapshot;
  std::string result;  // JSON; empty if there is none
  std::optional<RunError> error;
};

}  // namespace enamel::service
