#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/progress.h"
#include "chunker/row_cutter.h"
#include "mariadb/connection.h"
#include "repository/blob_writer.h"

namespace enamel::mariadb {

// Turns the rows of a table into text and stores it. The text is what SELECT ... INTO OUTFILE writes by
// default: columns ended by a tab, rows by a newline; tab, newline and backslash in values have a backslash
// before them, a NUL byte is \0, NULL is \N. Chunks are cut where rows end, by content (RowCutter); a row too
// long for a chunk is cut inside at fixed lengths, so memory stays bounded by the row itself. One object a
// range of rows; not thread-safe.
class RowWriter {
 public:
  // All must outlive the object.
  RowWriter(repository::BlobWriter& writer, const chunker::RowCutter& cutter, Progress& progress);

  void add(const Row& row);
  // Stores what is left. Nothing may be added afterwards.
  void finish();

  const std::vector<repository::BlobId>& content() const { return content_; }
  std::uint64_t rows() const { return rows_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  void addLong(const Row& row);
  void save();

  repository::BlobWriter& writer_;
  const chunker::RowCutter& cutter_;
  Progress& progress_;
  Bytes chunk_;
  std::size_t used_ = 0;
  std::vector<repository::BlobId> content_;
  std::uint64_t rows_ = 0, bytes_ = 0;
};

}  // namespace enamel::mariadb
