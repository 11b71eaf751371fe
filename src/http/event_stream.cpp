#include "http/event_stream.h"

#include <string_view>
#include <utility>

#include "base/error.h"

namespace enamel::http {
namespace {

void requireOneLine(const std::string& text, const char* what) {
  if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
    throw Error(ErrorCode::kUsage, std::string("the ") + what + " of an event holds a line break or a NUL");
}

// The three ends of line that a client takes for one.
std::size_t lineBreakLength(std::string_view text, std::size_t at) {
  return text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
}

}  // namespace

std::string formatEvent(const Event& event) {
  requireOneLine(event.id, "id");
  requireOneLine(event.event, "type");
  std::string text;
  if (!event.id.empty()) text += "id: " + event.id + "\n";
  if (!event.event.empty()) text += "event: " + event.event + "\n";
  std::string_view rest = event.data;
  for (;;) {
    const auto end = rest.find_first_of("\r\n");
    text += "data: ";
    text += rest.substr(0, end);
    text += "\n";
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + lineBreakLength(rest, end));
  }
  return text + "\n";
}

std::shared_ptr<EventStream> EventStream::make(std::size_t queue_bytes_max) {
  return std::make_shared<EventStream>(queue_bytes_max);
}

bool EventStream::push(const Event& event) {
  const std::string text = formatEvent(event);
  const std::lock_guard lock(mutex_);
  if (!open_) return false;
  if (queue_.size() + text.size() > queue_bytes_max_) {
    end(true);
    return false;
  }
  const bool was_empty = queue_.empty();
  queue_ += text;
  if (was_empty && wake_) wake_();
  return true;
}

void EventStream::close() {
  const std::lock_guard lock(mutex_);
  end(false);
}

bool EventStream::isOpen() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

std::string EventStream::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(queue_, {});
}

bool EventStream::isDropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

void EventStream::setWake(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

void EventStream::abandon() {
  const std::lock_guard lock(mutex_);
  wake_ = nullptr;
  end(true);
}

void EventStream::end(bool drop) {
  if (!open_) return;
  open_ = false;
  dropped_ = drop;
  if (drop) queue_.clear();
  if (wake_) wake_();
}

}  // namespace enamel::http
