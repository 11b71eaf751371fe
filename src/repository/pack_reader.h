#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>

#include "repository/index_file.h"
#include "repository/repository.h"

namespace enamel::repository {

// The packs that are there, and how many bytes each has.
std::unordered_map<PackId, std::uint64_t> listPacks(storage::Storage& storage);

// Reads a pack's header from the pack itself. Throws kCorrupt, kNotFound.
std::vector<PackedBlob> readPackHeader(const Repository& repository, const PackId& id,
                                       std::uint64_t file_bytes);

// Reads a whole pack in pieces of bounded memory: its header against what the index says (`indexed`), every
// blob decrypted, decompressed and compared with its name. on_error gets a line for each thing that is wrong.
// Returns the pack's size.
std::uint64_t verifyPack(const Repository& repository, const IndexedPack& indexed,
                         const std::function<void(const std::string&)>& on_error);

}  // namespace enamel::repository
