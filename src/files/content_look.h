#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "repository/ids.h"

namespace enamel::files {

// How much of a file's begin is looked at, at most and at least: below that even random bytes look like
// anything.
inline constexpr std::size_t kContentLookMax = 4096;
inline constexpr std::size_t kContentLookMin = 1024;

// Whether a file that begins like this may have been encrypted: it begins like no kind of file that practices
// keep (images, documents, archives, sound, film), and its bytes are as even as random ones. Archives of
// kinds that are not known look the same, so one such file says nothing; many that were images yesterday do.
// Costs microseconds.
bool looksScrambled(ByteView begin);

// The same for equal lists of blobs, and most likely for no others.
std::uint64_t contentMark(const std::vector<repository::BlobId>& content);

}  // namespace enamel::files
