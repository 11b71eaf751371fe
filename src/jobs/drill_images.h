#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/cancel.h"
#include "base/progress.h"
#include "jobs/drill.h"
#include "mariadb/connection.h"
#include "repository/repository.h"

namespace enamel::jobs {

// Notes one more thing that is wrong: counted always, named while there is room.
void addFinding(DrillCheck& check, std::string finding, std::size_t findings_max);

// Walks the image folder's tree: every folder can be read, every file's pieces are in the repository's index;
// then reads some files whole. Adds to report.images and report.image_bytes.
DrillCheck checkImages(const repository::Repository& repository, const repository::BlobId& images,
                       const DrillOptions& options, DrillReport& report, Progress& progress,
                       const CancelToken& cancel);

// Every document row of the restored database has its file in the image folder's tree.
DrillCheck checkDocuments(mariadb::Connection& connection, const repository::Repository& repository,
                          const repository::BlobId& images, const DrillOptions& options, DrillReport& report,
                          const CancelToken& cancel);

}  // namespace enamel::jobs
