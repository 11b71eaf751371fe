#include "service/event_hub.h"

namespace enamel::service {

std::shared_ptr<http::EventStream> EventHub::subscribe(const std::function<void(http::EventStream&)>& begin) {
  auto stream = http::EventStream::make();
  const std::lock_guard lock(mutex_);  // held meanwhile: nothing newer may come before what begin tells
  begin(*stream);
  // Streams of clients that went are otherwise found only when something is published.
  std::erase_if(streams_, [](const auto& open) { return !open->isOpen(); });
  streams_.push_back(stream);
  return stream;
}

void EventHub::closeAll() {
  const std::lock_guard lock(mutex_);
  for (const auto& stream : streams_) stream->close();
  streams_.clear();
}

void EventHub::publish(const std::string& type, const std::string& data) {
  const std::lock_guard lock(mutex_);
  const http::Event event{.id = std::to_string(next_id_++), .event = type, .data = data};
  std::erase_if(streams_, [&](const auto& stream) { return !stream->push(event); });
}

std::size_t EventHub::subscribers() const {
  const std::lock_guard lock(mutex_);
  return streams_.size();
}

}  // namespace enamel::service
