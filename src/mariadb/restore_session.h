#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "base/cancel.h"
#include "mariadb/connection.h"

namespace enamel::mariadb {

// Settings of a connection that loads data as it was: no checks of what was checked when it was first stored,
// no strictness, zero stays zero, UTC, no time limits.
void prepareRestoreSession(Connection& connection);

// A connection to the server, no database selected, prepared.
Connection openRestoreConnection(const Address& address);

// Runs work(connection, item) for every item from 0 to count - 1, on up to `threads` connections of its own,
// lowest first. The first exception stops the rest and is rethrown. A cancel also interrupts statements that
// are running.
void forEachOnConnections(const Address& address, std::size_t threads, std::size_t count,
                          const CancelToken& cancel,
                          const std::function<void(Connection&, std::size_t)>& work);

// options.threads, or one a CPU; at most 16.
std::size_t restoreThreads(std::size_t wanted);

// `database`.`table`.
std::string qualified(std::string_view database, std::string_view table);

}  // namespace enamel::mariadb
