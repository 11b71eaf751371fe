#include "base/threads.h"

#include <system_error>
#include <utility>

#include "base/error.h"

namespace enamel {

std::thread startThread(std::function<void()> body) {
  try {
    return std::thread(std::move(body));
  } catch (const std::system_error& e) {
    throw Error(
        ErrorCode::kLimit, std::string("a thread could not be started: ") + e.code().message(),
        "raise the limit on processes of this user or service (ulimit -u, TasksMax), or use fewer --threads");
  }
}

std::vector<std::thread> startThreads(std::size_t count, const std::function<void(std::size_t)>& body,
                                      const std::function<void()>& stop) {
  std::vector<std::thread> threads;
  threads.reserve(count);
  try {
    for (std::size_t i = 0; i < count; ++i) threads.push_back(startThread([body, i] { body(i); }));
  } catch (...) {
    stop();
    for (std::thread& thread : threads) thread.join();
    throw;
  }
  return threads;
}

}  // namespace enamel
