#include "jobs/reading_lock.h"

namespace enamel::jobs {

std::unique_ptr<repository::RepositoryLock> lockForReading(repository::Repository& repository,
                                                           CancelToken* lost,
                                                           std::vector<std::string>& warnings) {
  try {
    return std::make_unique<repository::RepositoryLock>(repository, repository::LockKind::kShared, lost);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kPermission && error.code() != ErrorCode::kNoSpace) throw;
    warnings.push_back("the repository could not be locked and is read without a lock: " +
                       std::string(error.what()));
    return nullptr;
  }
}

}  // namespace enamel::jobs
