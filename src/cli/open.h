#pragma once

#include <memory>
#include <string>

#include "cli/context.h"
#include "jobs/open_repository.h"

namespace enamel::cli {

// Where the repository is, from the first of: -r, ENAMEL_REPOSITORY, RESTIC_REPOSITORY, the first line of the
// file RESTIC_REPOSITORY_FILE. Throws kUsage if nothing says it.
std::string repositoryLocation(const Context& context);

// The storage at that place. Throws kUnsupported for places that are not local folders.
std::unique_ptr<storage::Storage> openStorage(const Context& context);

using jobs::OpenRepository;
// Asks for the password as repositoryPassword() does.
OpenRepository openRepository(const Context& context);

}  // namespace enamel::cli
