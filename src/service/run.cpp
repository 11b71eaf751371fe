#include "service/run.h"

#include <array>
#include <cstddef>

namespace enamel::service {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 9> kKinds = {"backup", "restore", "drill",   "forget", "prune",
                                                    "check",  "removal", "go_live", "undo"};
constexpr std::array<std::string_view, 7> kStates = {"queued", "running",   "done",       "incomplete",
                                                     "failed", "cancelled", "interrupted"};
static_assert(static_cast<std::size_t>(RunKind::kUndo) + 1 == kKinds.size());
static_assert(static_cast<std::size_t>(RunState::kInterrupted) + 1 == kStates.size());

template <class Enum, std::size_t kCount>
std::optional<Enum> find(const std::array<std::string_view, kCount>& names, std::string_view name) {
  for (std::size_t i = 0; i < kCount; ++i)
    if (names[i] == name) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace

std::string_view name(RunKind kind) {
  return kKinds[static_cast<std::size_t>(kind)];
}

std::string_view name(RunState state) {
  return kStates[static_cast<std::size_t>(state)];
}

std::optional<RunKind> runKindOf(std::string_view name) {
  return find<RunKind>(kKinds, name);
}

std::optional<RunState> runStateOf(std::string_view name) {
  return find<RunState>(kStates, name);
}

bool ended(RunState state) {
  return state != RunState::kQueued && state != RunState::kRunning;
}

ProgressSample ProgressSample::of(const Progress& progress) {
  return {.bytes_done = progress.bytes_done,
          .bytes_total = progress.bytes_total,
          .files_done = progress.files_done,
          .files_total = progress.files_total,
          .tables_done = progress.tables_done,
          .tables_total = progress.tables_total,
          .phase = progress.phase(),
          .current = progress.current()};
}

}  // namespace enamel::service
