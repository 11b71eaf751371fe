#include "files/whole_file_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/direct_io.h"
#include "base/time.h"
#include "files/sparse_write.h"

namespace enamel::files {

bool WholeFileWriter::directPays(std::size_t size) const {
  if (refused_ || size < kDirectBytesMin) return false;
  const std::uint64_t bytes = direct_bytes_;
  if (bytes < kProbeBytes) return size >= kProbeFileBytesMin;
  return static_cast<double>(bytes) * 1e9 >= kRateMin * static_cast<double>(direct_ns_);
}

int WholeFileWriter::write(int fd, ByteView data) {
  if (directPays(data.size()) && !hasHole(data)) {
    const double start_s = monotonicSeconds();
    const int error = writeWholeDirect(fd, data);
    if (data.size() >= kProbeFileBytesMin) {
      direct_ns_ += static_cast<std::uint64_t>((monotonicSeconds() - start_s) * 1e9);
      direct_bytes_ += data.size();
    }
    if (error != ENOTSUP) return error;
    refused_ = true;
  }
  if (const int error = writeSparse(fd, data, 0)) return error;
  // Begun now, so that the sync at the end finds little left. Best effort.
  if (!data.empty()) sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
  // A hole at the end is no write: the length has to be said.
  const bool may_end_in_hole = !data.empty() && data.back() == 0;
  return may_end_in_hole && ftruncate(fd, static_cast<off_t>(data.size())) != 0 ? errno : 0;
}

}  // namespace enamel::files
