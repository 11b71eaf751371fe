#pragma once

#include <memory>
#include <string>

#include "cli/context.h"
#include "repository/repository.h"
#include "storage/storage.h"

namespace enamel::cli {

// Where the repository is, from the first of: -r, ENAMEL_REPOSITORY, RESTIC_REPOSITORY, the first line of the
// file RESTIC_REPOSITORY_FILE. Throws kUsage if nothing says it.
std::string repositoryLocation(const Context& context);

// The storage at that place. Throws kUnsupported for places that are not local folders.
std::unique_ptr<storage::Storage> openStorage(const Context& context);

// An open repository with its storage.
struct OpenRepository {
  std::unique_ptr<storage::Storage> storage;
  std::unique_ptr<repository::Repository> repository;
  repository::Repository& operator*() const { return *repository; }
  repository::Repository* operator->() const { return repository.get(); }
};
// Asks for the password as repositoryPassword() does.
OpenRepository openRepository(const Context& context);

}  // namespace enamel::cli
