#pragma once

#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace enamel {

// A new thread running body. Throws kLimit where the system gives none (limits on processes, memory).
std::thread startThread(std::function<void()> body);

// Starts `count` threads running body(0), body(1), ... If one cannot be started, calls stop(), which must
// make the others end, joins them and throws kLimit: a vector of running threads must not be destroyed.
std::vector<std::thread> startThreads(std::size_t count, const std::function<void(std::size_t)>& body,
                                      const std::function<void()>& stop);

}  // namespace enamel
