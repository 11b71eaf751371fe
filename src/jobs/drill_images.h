#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/cancel.h"
#include "base/progress.h"
#include "jobs/drill.h"
#include "jobs/left_out.h"
#include "mariadb/connection.h"
#include "repository/repository.h"

namespace enamel::jobs {

// Notes one more thing that is wrong: counted always, named while there is room.
void addFinding(DrillCheck& check, std::string finding, std::size_t findings_max);

inline constexpr const char* kImagesTitle = "every image file is in the repository";

// Walks the image folder's tree: every folder can be read, every file's pieces are in the repository's index
// and make its length; then reads back as many files as the options say, in the order in which they lie in
// the repository. Sets the report's figures of images; the summary says what was done.
DrillCheck checkImages(const repository::Repository& repository, const repository::BlobId& images,
                       const DrillOptions& options, DrillReport& report, Progress& progress,
                       const CancelToken& cancel);

// Every document row of the restored database has its file in the image folder's tree, or in what the backup
// left out on request, which is counted apart.
DrillCheck checkDocuments(mariadb::Connection& connection, const repository::Repository& repository,
                          const repository::BlobId& images, const LeftOut& left_out,
                          const DrillOptions& options, DrillReport& report, const CancelToken& cancel);

}  // namespace enamel::jobs
