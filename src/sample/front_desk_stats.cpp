#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "sample/front_desk.h"

namespace enamel::sample {
namespace {

// The smallest wait that at least this part of all waits does not exceed. REQUIRES: sorted, not empty.
double percentileMs(const std::vector<std::uint32_t>& sorted, double part) {
  const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1] / 1000.0;
}

}  // namespace

FrontDeskStats summarise(std::vector<Wait> waits, std::uint64_t begin_us, std::uint64_t end_us) {
  FrontDeskStats stats;
  stats.seconds = end_us > begin_us ? static_cast<double>(end_us - begin_us) / 1e6 : 0;
  std::sort(waits.begin(), waits.end(),
            [](const Wait& a, const Wait& b) { return a.answered_us < b.answered_us; });
  std::vector<std::uint32_t> sorted;
  std::uint64_t last = begin_us;
  std::uint64_t gap = 0;
  for (const Wait& wait : waits) {
    const std::uint64_t begun = wait.answered_us - std::min<std::uint64_t>(wait.wait_us, wait.answered_us);
    if (wait.answered_us < begin_us || begun >= end_us) continue;
    sorted.push_back(wait.wait_us);
    const std::uint64_t answered = std::min(wait.answered_us, end_us);
    gap = std::max(gap, answered - last);
    last = answered;
  }
  if (end_us > last) gap = std::max(gap, end_us - last);
  stats.longest_gap_ms = static_cast<double>(gap) / 1000.0;
  stats.statements = sorted.size();
  if (sorted.empty()) return stats;
  std::sort(sorted.begin(), sorted.end());
  stats.p50_ms = percentileMs(sorted, 0.5);
  stats.p99_ms = percentileMs(sorted, 0.99);
  stats.p999_ms = percentileMs(sorted, 0.999);
  stats.max_ms = sorted.back() / 1000.0;
  return stats;
}

std::string statsJson(const FrontDeskStats& stats, std::size_t clients,
                      const std::vector<std::string>& errors) {
  const nlohmann::ordered_json json = {{"message_type", "summary"},
                                       {"clients", clients},
                                       {"seconds", stats.seconds},
                                       {"statements", stats.statements},
                                       {"statements_per_second", stats.perSecond()},
                                       {"p50_ms", stats.p50_ms},
                                       {"p99_ms", stats.p99_ms},
                                       {"p999_ms", stats.p999_ms},
                                       {"max_ms", stats.max_ms},
                                       {"longest_gap_ms", stats.longest_gap_ms},
                                       {"errors", errors}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string statsText(const FrontDeskStats& stats, std::size_t clients,
                      const std::vector<std::string>& errors) {
  std::string text = fmt::format(
      "{} clients wrote {} statements in {:.1f} s ({:.0f} a second)\n"
      "wait: half within {:.2f} ms, 99 % within {:.2f} ms, 99.9 % within {:.2f} ms, longest {:.2f} ms\n"
      "longest time without any answer: {:.2f} ms\n",
      clients, stats.statements, stats.seconds, stats.perSecond(), stats.p50_ms, stats.p99_ms, stats.p999_ms,
      stats.max_ms, stats.longest_gap_ms);
  for (const std::string& error : errors) text += "a client gave up: " + error + '\n';
  return text;
}

}  // namespace enamel::sample
