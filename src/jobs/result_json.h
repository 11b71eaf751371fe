#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "files/archiver.h"

namespace enamel::repository {
struct CheckResult;
struct PruneResult;
}  // namespace enamel::repository

namespace enamel::jobs {

struct BackupResult;
struct ForgetResult;
struct RestoreResult;

// What jobs bring home, as `--json` prints it and the service's history keeps it.

// On one line, valid UTF-8 whatever is in it: file names may be any bytes.
std::string jsonText(const nlohmann::ordered_json& object);

// [{"path": ..., "what": ...}, ...]
nlohmann::ordered_json problemsJson(const std::vector<files::Problem>& problems);

// With message_type "summary"; of a backup with restic's names besides ours.
nlohmann::ordered_json summaryJson(const BackupResult& result);
nlohmann::ordered_json summaryJson(const RestoreResult& result);
nlohmann::ordered_json summaryJson(const repository::CheckResult& result);
nlohmann::ordered_json summaryJson(const ForgetResult& result, bool dry_run);
nlohmann::ordered_json summaryJson(const repository::PruneResult& result, bool dry_run);

}  // namespace enamel::jobs
