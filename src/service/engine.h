#pragma once

#include "jobs/open_repository.h"
#include "service/job_queue.h"
#include "service/run_options.h"
#include "service/settings.h"

namespace enamel::service {

// The jobs of a practice, as its configuration says when they begin. Thread-safe; settings outlive it.
class Engine {
 public:
  explicit Engine(const Settings& settings) : settings_(settings) {}

  // For JobQueue. Throws kUsage for options that cannot be, or that the configuration does not allow;
  // passwords are read from their files when the job begins.
  Job makeJob(const Run& run) const;

  // Whether the configuration allows it, before it is queued: throws as makeJob() does.
  void require(RunKind kind, const RunOptions& options) const;

  // Throw kUsage where the configuration names none.
  jobs::OpenRepository openRepository() const;
  mariadb::Address databaseAddress() const;

 private:
  const Settings& settings_;
};

}  // namespace enamel::service
