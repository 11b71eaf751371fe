#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "repository/repository.h"

namespace enamel::repository {

// Reads data blobs back: each once, however often `ids` names it, in the order in which they lie in their
// packs and several of them with one request, decrypted, decompressed and compared with their names. Calls
// on_damaged(id, why), never two at once, for each that is not whole or cannot be read, and goes on. Counts
// in progress the bytes that are read from the repository, and adds them to its total first. Memory: some 80
// bytes a blob, and a few MiB a thread. threads: 0: one a CPU. Throws kCancelled, and what keeps it from
// reading anything at all, such as kPermission. REQUIRES loadIndex().
void verifyBlobs(const Repository& repository, const std::vector<BlobId>& ids, std::size_t threads,
                 const std::function<void(const BlobId&, const std::string&)>& on_damaged, Progress& progress,
                 const CancelToken& cancel);

}  // namespace enamel::repository
