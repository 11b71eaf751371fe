#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <string>

#include "base/bytes.h"

namespace enamel::mariadb {

// Bytes on their way from one thread to another, at most bytes_max of them (and the piece at hand). One
// writer, one reader.
class ByteChannel {
 public:
  explicit ByteChannel(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  // Waits while the channel is full. False: the reader is gone, stop.
  bool write(std::string piece);
  // No more will come; failure, if any, is rethrown to the reader.
  void close(std::exception_ptr failure = nullptr);

  // Waits for bytes; 0 at the end. Rethrows the writer's failure.
  std::size_t read(MutableByteView buffer);
  // The reader wants no more.
  void abandon();

 private:
  const std::size_t bytes_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> pieces_;
  std::size_t bytes_ = 0;     // in pieces_
  std::size_t position_ = 0;  // in the first piece
  bool closed_ = false, abandoned_ = false;
  std::exception_ptr failure_;
};

}  // namespace enamel::mariadb
