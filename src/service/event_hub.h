#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/event_stream.h"

namespace enamel::service {

// Tells every open page what happens. Thread-safe.
class EventHub {
 public:
  // A new stream, which gets what is published from now on. Ends by itself when its client goes.
  std::shared_ptr<http::EventStream> subscribe();

  // type: "run". data: JSON on one line.
  void publish(const std::string& type, const std::string& data);

  std::size_t subscribers() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<http::EventStream>> streams_;  // guarded by mutex_
  std::uint64_t next_id_ = 1;                                // guarded by mutex_
};

}  // namespace enamel::service
