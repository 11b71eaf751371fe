#include "cli/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/bytes.h"
#include "base/threads.h"
#include "base/time.h"
#include "cli/format.h"
#include "cli/terminal.h"

namespace enamel::cli {
namespace {

constexpr double kTerminalInterval_s = 0.1;
constexpr double kJsonInterval_s = 0.35;
constexpr double kSpeedInterval_s = 1;
// A job that is over at once shows nothing.
constexpr double kFirstShown_s = 0.3;

std::string doneOf(const std::string& done, const std::string& total, bool total_known) {
  return total_known ? done + " of " + total : done;
}

}  // namespace

double Status::fractionDone() const {
  const auto fraction = [](std::uint64_t done, std::uint64_t total) {
    return std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  };
  if (bytes_total != 0) return fraction(bytes_done, bytes_total);
  if (files_total != 0) return fraction(files_done, files_total);
  // Where files are at work, the tables were only the first part.
  if (tables_total != 0 && files_done == 0) return fraction(tables_done, tables_total);
  return -1;
}

double Status::secondsRemaining() const {
  if (bytes_total == 0 || bytes_per_second <= 0) return -1;
  return static_cast<double>(bytes_total - std::min(bytes_total, bytes_done)) / bytes_per_second;
}

std::string statusLine(const Status& status, std::size_t columns) {
  std::string line = status.phase.empty() ? "working" : printable(status.phase);
  if (const double fraction = status.fractionDone(); fraction >= 0)
    line += fmt::format("  {}%", static_cast<int>(fraction * 100));
  if (status.bytes_done != 0)
    line +=
        "  " + doneOf(formatSize(status.bytes_done), formatSize(status.bytes_total), status.bytes_total != 0);
  if (status.tables_done != 0)
    line +=
        "  " +
        doneOf(formatCount(status.tables_done), formatCount(status.tables_total), status.tables_total != 0) +
        " tables";
  if (status.files_done != 0)
    line += "  " +
            doneOf(formatCount(status.files_done), formatCount(status.files_total), status.files_total != 0) +
            " files";
  if (status.bytes_per_second >= 1)
    line += "  " + formatSize(static_cast<std::uint64_t>(status.bytes_per_second)) + "/s";
  if (const double left = status.secondsRemaining(); left >= 0) line += "  " + formatDuration(left) + " left";
  // Of a path that does not fit, the end says more than the beginning.
  if (line.size() + 12 < columns && !status.current.empty())
    line += "  " + shortenedFront(printable(status.current), columns - line.size() - 2);
  return shortened(line, columns);
}

std::string statusJson(const Status& status) {
  nlohmann::ordered_json object = {{"message_type", "status"},
                                   {"seconds_elapsed", static_cast<std::uint64_t>(status.seconds_elapsed)}};
  if (const double left = status.secondsRemaining(); left >= 0)
    object["seconds_remaining"] = static_cast<std::uint64_t>(left);
  object["percent_done"] = std::max(0.0, status.fractionDone());
  object["total_files"] = status.files_total;
  object["files_done"] = status.files_done;
  object["total_bytes"] = status.bytes_total;
  object["bytes_done"] = status.bytes_done;
  object["total_tables"] = status.tables_total;
  object["tables_done"] = status.tables_done;
  object["phase"] = status.phase;
  object["current_files"] = nlohmann::ordered_json::array();
  if (!status.current.empty()) object["current_files"].push_back(status.current);
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

StatusDisplay::StatusDisplay(const Context& context, const Progress& progress)
    : context_(context), progress_(progress) {
  if (context.shared.quiet || (!context.shared.json && !context.terminal)) return;
  const double interval_s = context.shared.json ? kJsonInterval_s : kTerminalInterval_s;
  thread_ = startThread([this, interval_s] { run(interval_s); });
}

StatusDisplay::~StatusDisplay() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (drawn_ && !context_.shared.json) context_.err << "\r\x1b[K" << std::flush;
}

void StatusDisplay::run(double interval_s) {
  const double start_s = monotonicSeconds();
  speed_time_s_ = start_s;
  double wait_s = kFirstShown_s;
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, std::chrono::duration<double>(wait_s), [this] { return stopping_; })) {
    wait_s = interval_s;
    lock.unlock();
    show(read(start_s));
    lock.lock();
  }
}

Status StatusDisplay::read(double start_s) {
  Status status;
  status.phase = progress_.phase();
  status.current = progress_.current();
  status.bytes_done = progress_.bytes_done;
  status.bytes_total = progress_.bytes_total;
  status.files_done = progress_.files_done;
  status.files_total = progress_.files_total;
  status.tables_done = progress_.tables_done;
  status.tables_total = progress_.tables_total;
  const double now_s = monotonicSeconds();
  status.seconds_elapsed = now_s - start_s;
  if (const double interval_s = now_s - speed_time_s_; interval_s >= kSpeedInterval_s) {
    const double recent =
        static_cast<double>(status.bytes_done - std::min(speed_bytes_, status.bytes_done)) / interval_s;
    speed_ = speed_ == 0 ? recent : 0.7 * speed_ + 0.3 * recent;
    speed_time_s_ = now_s;
    speed_bytes_ = status.bytes_done;
  }
  status.bytes_per_second = speed_;
  return status;
}

void StatusDisplay::show(const Status& status) {
  if (context_.shared.json) {
    context_.out << statusJson(status) << '\n' << std::flush;
  } else {
    // One column less than there is, so that no terminal wraps.
    context_.err << '\r' << statusLine(status, terminalWidth() - 1) << "\x1b[K" << std::flush;
  }
  drawn_ = true;
}

}  // namespace enamel::cli
