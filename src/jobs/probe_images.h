#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "jobs/probe.h"
#include "mariadb/url.h"

namespace enamel::jobs {

// What a look at an image folder says to the person who sets its backup up.
struct ImagesProbe {
  bool exists = false;    // it is a folder
  bool readable = false;  // as far as was looked, all of it
  // What was looked at: some files of it, up to kSampleFiles, from many of its folders.
  std::uint64_t files_sampled = 0, bytes_sampled = 0;
  // The newest rows of the database's `document` table, and how many of them have their file here.
  std::uint64_t documents_checked = 0, documents_found = 0;
  std::vector<ProbeProblem> problems;

  static constexpr std::uint64_t kSampleFiles = 2000;
  static constexpr std::uint64_t kSampleDocuments = 200;
};

// database: where to look for documents; nullopt: nowhere. Only reads, and of files only names and sizes and,
// of one in each folder, whether it can be opened. Throws kCancelled only.
ImagesProbe probeImages(const std::filesystem::path& folder, const std::optional<mariadb::Address>& database,
                        const CancelToken& cancel);

}  // namespace enamel::jobs
