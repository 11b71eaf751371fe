#include "mariadb/byte_channel.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace enamel::mariadb {

bool ByteChannel::write(std::string piece) {
  if (piece.empty()) return true;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return bytes_ < bytes_max_ || abandoned_; });
  if (abandoned_) return false;
  bytes_ += piece.size();
  pieces_.push_back(std::move(piece));
  changed_.notify_all();
  return true;
}

void ByteChannel::close(std::exception_ptr failure) {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  failure_ = std::move(failure);
  changed_.notify_all();
}

void ByteChannel::abandon() {
  const std::lock_guard lock(mutex_);
  abandoned_ = true;
  changed_.notify_all();
}

std::size_t ByteChannel::read(MutableByteView buffer) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !pieces_.empty() || closed_; });
  if (failure_ != nullptr) std::rethrow_exception(failure_);
  std::size_t filled = 0;
  while (filled < buffer.size() && !pieces_.empty()) {
    const std::string& piece = pieces_.front();
    const std::size_t n = std::min(buffer.size() - filled, piece.size() - position_);
    std::memcpy(buffer.data() + filled, piece.data() + position_, n);
    filled += n;
    position_ += n;
    bytes_ -= n;
    if (position_ == piece.size()) {
      pieces_.pop_front();
      position_ = 0;
    }
  }
  changed_.notify_all();
  return filled;
}

}  // namespace enamel::mariadb
