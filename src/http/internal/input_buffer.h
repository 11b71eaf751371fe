#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include "base/bytes.h"

namespace enamel::http {

// Bytes that came and were not used yet, at most a fixed number of them.
class InputBuffer {
 public:
  explicit InputBuffer(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  std::string_view view() const { return asText(ByteView(bytes_).subspan(begin_, end_ - begin_)); }
  bool empty() const { return begin_ == end_; }
  bool full() const { return end_ - begin_ == bytes_max_; }
  void consume(std::size_t count) { begin_ += count; }

  // Room for more; empty only if it is full.
  MutableByteView room() {
    bytes_.resize(bytes_max_);
    if (begin_ != 0) {
      std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    return MutableByteView(bytes_).subspan(end_);
  }
  void commit(std::size_t count) { end_ += count; }

  // Gives the memory back: a connection that waits, or streams events for hours, has no use for it.
  void release() {
    if (empty()) {
      bytes_ = {};
      begin_ = end_ = 0;
    }
  }

 private:
  const std::size_t bytes_max_;
  Bytes bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace enamel::http
