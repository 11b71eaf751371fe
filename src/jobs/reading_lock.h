#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "repository/lock.h"

namespace enamel::jobs {

// A shared lock for work that only reads. A repository that cannot be written to (mounted read-only, another
// user's) is read without one: returns nullptr and adds a warning.
std::unique_ptr<repository::RepositoryLock> lockForReading(repository::Repository& repository,
                                                           CancelToken* lost,
                                                           std::vector<std::string>& warnings);

}  // namespace enamel::jobs
