#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "base/progress.h"
#include "cli/context.h"

namespace enamel::cli {

// What is known about a running job at one moment.
struct Status {
  std::string phase, current;
  std::uint64_t bytes_done = 0, bytes_total = 0;  // totals: 0 if not known
  std::uint64_t files_done = 0, files_total = 0;
  std::uint64_t tables_done = 0, tables_total = 0;
  double seconds_elapsed = 0;
  double bytes_per_second = 0;  // of the last seconds

  // 0 to 1; negative if the total is not known.
  double fractionDone() const;
  // Negative if it cannot be told.
  double secondsRemaining() const;
};

// "reading images  43%  1.2 GiB of 2.8 GiB  5,123 files  85.0 MiB/s  0:19 left  A/AdamsTom12/x.jpg", at most
// `columns` wide.
std::string statusLine(const Status& status, std::size_t columns);
// One object with restic's names: message_type "status", percent_done, ...; no newline.
std::string statusJson(const Status& status);

// Shows a job's progress while it lives, from a thread of its own: on a terminal one line redrawn ten times a
// second, with --json an object three times a second, else nothing. The destructor clears the line. Nothing
// else writes to context.out and context.err meanwhile.
class StatusDisplay {
 public:
  StatusDisplay(const Context& context, const Progress& progress);
  ~StatusDisplay();
  StatusDisplay(const StatusDisplay&) = delete;
  StatusDisplay& operator=(const StatusDisplay&) = delete;

 private:
  void run(double interval_s);
  Status read(double start_s);
  void show(const Status& status);

  const Context& context_;
  const Progress& progress_;
  double speed_time_s_ = 0;  // when speed_bytes_ was read
  std::uint64_t speed_bytes_ = 0;
  double speed_ = 0;
  bool drawn_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace enamel::cli
