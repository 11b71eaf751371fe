#pragma once

#include "base/cancel.h"
#include "base/progress.h"
#include "mariadb/url.h"
#include "sample/world.h"

namespace enamel::sample {

// Makes all tables in address.database, which exists and is empty, and fills them; several at a time.
// Counts bytes and tables in progress.
void loadTables(const World& world, const mariadb::Address& address, Progress& progress,
                const CancelToken& cancel);

}  // namespace enamel::sample
