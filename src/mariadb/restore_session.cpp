#include "mariadb/restore_session.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"

namespace enamel::mariadb {
namespace {

constexpr std::size_t kThreadsMax = 16;

void killStatements(const Address& address, const std::vector<std::uint64_t>& thread_ids) {
  try {
    Connection::Options options;
    options.use_database = false;
    Connection connection(address, options);
    for (const std::uint64_t id : thread_ids) {
      if (id == 0) continue;
      try {
        connection.execute("KILL QUERY " + std::to_string(id));
      } catch (const Error&) {
        // It ended by itself meanwhile.
      }
    }
  } catch (const Error&) {
    // The server is gone: then the statements are, too.
  }
}

}  // namespace

std::size_t restoreThreads(std::size_t wanted) {
  if (wanted == 0) wanted = std::max(1U, std::thread::hardware_concurrency());
  return std::min(wanted, kThreadsMax);
}

std::string qualified(std::string_view database, std::string_view table) {
  return quoteName(database) + "." + quoteName(table);
}

void prepareRestoreSession(Connection& connection) {
  // Dates such as February 31, which a server may have been told to take, are to come back as well.
  connection.execute(
      "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES', foreign_key_checks = 0, "
      "unique_checks = 0, "
      "time_zone = '+00:00', wait_timeout = 604800, net_read_timeout = 3600, net_write_timeout = 3600");
  // Not every server has these, and some keep them for their administrator.
  // A MEMORY table's limit is that of the session that makes it.
  for (const char* setting :
       {"max_heap_table_size = 18446744073709551615", "innodb_lock_wait_timeout = 3600",
        "innodb_strict_mode = 0", "check_constraint_checks = 0", "max_statement_time = 0"}) {
    try {
      connection.execute(std::string("SET SESSION ") + setting);
    } catch (const Error&) {
      constexpr unsigned kUnknownVariable = 1193, kNeedsPrivilege = 1227;
      const unsigned number = connection.lastErrorNumber();
      if (number != kUnknownVariable && number != kNeedsPrivilege) throw;
    }
  }
}

Connection openRestoreConnection(const Address& address) {
  Connection::Options options;
  options.use_database = false;
  Connection connection(address, options);
  prepareRestoreSession(connection);
  return connection;
}

void forEachOnConnections(const Address& address, std::size_t threads, std::size_t count,
                          const CancelToken& cancel,
                          const std::function<void(Connection&, std::size_t)>& work) {
  threads = std::min(threads, count);
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stop{false};
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t running = threads;
  std::exception_ptr failure;
  std::vector<std::uint64_t> thread_ids(threads, 0);

  std::vector<std::thread> workers;
  const auto body = [&](std::size_t worker) {
    try {
      Connection connection = openRestoreConnection(address);
      {
        const std::lock_guard lock(mutex);
        thread_ids[worker] = connection.threadId();
      }
      for (;;) {
        if (stop) break;
        cancel.check();
        const std::size_t item = next++;
        if (item >= count) break;
        work(connection, item);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (failure == nullptr) failure = std::current_exception();
      stop = true;
    }
    const std::lock_guard lock(mutex);
    thread_ids[worker] = 0;
    --running;
    changed.notify_all();
  };
  for (std::size_t i = 0; i < threads; ++i) {
    try {
      workers.emplace_back(body, i);
    } catch (const std::system_error&) {
      // Fewer threads than wished for do the work as well; none at all is an error.
      const std::lock_guard lock(mutex);
      running -= threads - i;
      if (i == 0) throw Error(ErrorCode::kLimit, "no thread could be started");
      break;
    }
  }
  {
    std::unique_lock lock(mutex);
    while (running > 0) {
      changed.wait_for(lock, std::chrono::milliseconds(100));
      if (running == 0 || !(cancel.cancelled() || stop)) continue;
      // Again and again: a worker may have been between two statements.
      const std::vector<std::uint64_t> ids = thread_ids;
      lock.unlock();
      killStatements(address, ids);
      lock.lock();
    }
  }
  for (std::thread& worker : workers) worker.join();
  cancel.check();
  if (failure != nullptr) std::rethrow_exception(failure);
}

}  // namespace enamel::mariadb
