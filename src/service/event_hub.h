#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/event_stream.h"

namespace enamel::service {

// Tells every open page what happens. Thread-safe.
class EventHub {
 public:
  // A new stream, which gets what `begin` pushes to it and then what is published after that. Ends by itself
  // when its client goes.
  std::shared_ptr<http::EventStream> subscribe(const std::function<void(http::EventStream&)>& begin);
  // Ends all streams: who may still listen comes back by itself, and is asked again who it is.
  void closeAll();

  // type: "run". data: JSON on one line.
  void publish(const std::string& type, const std::string& data);

  std::size_t subscribers() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<http::EventStream>> streams_;  // guarded by mutex_
  std::uint64_t next_id_ = 1;                                // guarded by mutex_
};

}  // namespace enamel::service
