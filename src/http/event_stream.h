#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace enamel::http {

// One server-sent event (HTML Living Standard, section 9.2).
struct Event {
  std::string id;     // what a client that comes back names in Last-Event-ID; empty: none
  std::string event;  // its type; empty: "message"
  std::string data;   // may have several lines
};

// The event as it is sent. Throws Error(kUsage) if id or event hold a line break or a NUL.
std::string formatEvent(const Event& event);

// The events of one client, from any threads to its connection. Every member is thread-safe. A client that
// reads more slowly than events come is dropped, not waited for: it comes back by itself and names the last
// event that it has seen. An open stream costs memory and a socket, but no thread.
class EventStream {
 public:
  // queue_bytes_max: of events that wait to be sent.
  static std::shared_ptr<EventStream> make(std::size_t queue_bytes_max = 256U << 10);
  explicit EventStream(std::size_t queue_bytes_max) : queue_bytes_max_(queue_bytes_max) {}

  // False once the stream has ended, for whatever reason: let go of it. Throws as formatEvent does.
  bool push(const Event& event);
  // Sends what is queued, then ends.
  void close();
  bool isOpen() const;

  // For the connection that serves it.

  // All that waits, as it is sent; empties the queue.
  std::string take();
  // The client was too slow: what it was not sent yet is gone.
  bool isDropped() const;
  // wake is called, from any thread and with a lock held, whenever there is something to take or the stream
  // has ended; it must not call back into the stream. Empty: nobody is woken any more.
  void setWake(std::function<void()> wake);
  // Ends it from the client's side.
  void abandon();

 private:
  void end(bool drop);

  const std::size_t queue_bytes_max_;
  mutable std::mutex mutex_;
  std::string queue_;           // guarded by mutex_
  bool open_ = true;            // guarded by mutex_
  bool dropped_ = false;        // guarded by mutex_
  std::function<void()> wake_;  // guarded by mutex_
};

}  // namespace enamel::http
