#pragma once

#include "base/cancel.h"

namespace enamel::cli {

// The first SIGINT, SIGTERM or SIGHUP cancels the token; a second one ends the process as if never caught. A
// SIGHUP counts only where the terminal is closed: other programs send one to see whether a lock's owner
// lives. SIGPIPE is ignored: a reader that went away is an error of writing. The token must outlive the
// process's work.
void installSignalHandlers(CancelToken& cancel);

// Whether one of those signals came: tells a user's stop from a job's own.
bool stoppedBySignal();

}  // namespace enamel::cli
