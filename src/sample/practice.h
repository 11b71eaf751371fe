#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "mariadb/url.h"
#include "sample/practice_options.h"

namespace enamel::sample {

// A practice with invented patients in one folder:
//   DIR/practice.json     what it was made of, and where to reach it
//   DIR/OpenDentImages/   the image folder
//   DIR/server/           the private MariaDB server with the database `opendental`
struct Practice {
  std::filesystem::path folder;
  std::filesystem::path images;  // DIR/OpenDentImages
  PracticeOptions options;
  std::optional<mariadb::Address> address;  // while its server runs

  // "mariadb://root@localhost/opendental?socket=..."; empty while its server does not run.
  std::string url() const;
};

// Makes the practice; its server does not run afterwards. A folder that already holds the same practice is
// left as it is; one whose making was interrupted is made again from the start. Throws kExists if the folder
// holds anything else: nothing is ever overwritten. One seed gives the same rows and files everywhere.
Practice createPractice(const std::filesystem::path& folder, const PracticeOptions& options,
                        Progress& progress, const CancelToken& cancel = CancelToken::never());

// The practice in a folder; kNotFound if there is none, kIncomplete if its making was interrupted.
Practice openPractice(const std::filesystem::path& folder);

// Starts its server, which stays after this process. Nothing happens if it runs already.
// server_options are added last.
Practice startPractice(const std::filesystem::path& folder,
                       const std::vector<std::string>& server_options = {},
                       const CancelToken& cancel = CancelToken::never());

// Stops its server; false if it did not run.
bool stopPractice(const std::filesystem::path& folder);

}  // namespace enamel::sample
