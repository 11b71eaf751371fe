#pragma once

#include <string>

#include "cli/context.h"
#include "jobs/backup.h"

namespace enamel::cli {

// What a backup did: with --json restic's "error" lines on context.err and the summary as the last line of
// context.out, else some lines in plain words.
void printBackupReport(const Context& context, const jobs::BackupResult& result, const std::string& location);

}  // namespace enamel::cli
