#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "base/worker_pool.h"
#include "files/rate_limiter.h"
#include "mariadb/capture.h"
#include "mariadb/capture_parent.h"
#include "mariadb/connection.h"
#include "mariadb/server_facts.h"
#include "mariadb/snapshot_nodes.h"
#include "mariadb/table_inventory.h"

namespace enamel::mariadb {

// What the parts of one capture share. Used by one thread at a time.
struct CaptureContext {
  const Address& address;
  const repository::Repository& repository;
  repository::BlobWriter& writer;
  const CaptureOptions& options;
  Progress& progress;
  const CancelToken& cancel;
  Connection control;  // for questions, never holds the lock
  files::RateLimiter limiter;
  ServerFacts facts;
  CaptureParent parent;

  // What is found and made:
  Manifest manifest;
  std::vector<repository::Node> nodes;  // of the tables' folder
  std::vector<std::string> warnings;
  std::map<std::string, std::string> table_errors;  // table -> why it is not in the backup
  double lock_granted_s = 0;                        // the last lock, without its request

  // Definitions can change while they are read: the capture then begins again, unless it is the last try.
  bool last_try = false;
  std::string again_because;

  const std::string& database() const { return address.database; }
  std::size_t threads() const { return options.threads != 0 ? options.threads : cpuCount(); }
  const repository::Tree* parentTables() const { return parent.tables ? &*parent.tables : nullptr; }

  // The time by the server's clock, which is the one file times are taken from. Differences that may come
  // from asking are none.
  std::int64_t serverNowNs() const {
    const bool apart = facts.clock_ahead_s > 1 || facts.clock_ahead_s < -1;
    return Clock::system().now().ns +
           (apart ? static_cast<std::int64_t>(facts.clock_ahead_s * 1e9) : std::int64_t{0});
  }

  void warn(std::string text) { warnings.push_back(std::move(text)); }
  void fail(const std::string& table, const std::string& what) { table_errors.emplace(table, what); }
  // True if the capture begins again; false: the caller makes the best of it.
  bool again(const std::string& because) {
    if (!last_try) again_because = because;
    return !last_try;
  }

  ManifestTable& entry(const TableInfo& info, TableForm form) {
    manifest.tables.push_back({.name = info.name,
                               .file = info.stem,
                               .engine = info.engine,
                               .form = form,
                               .rows = 0,
                               .bytes = 0,
                               .error = {}});
    ++progress.tables_done;
    return manifest.tables.back();
  }
  void add(ManifestTable& table, repository::Node node) {
    table.bytes += node.size;
    nodes.push_back(std::move(node));
  }
};

}  // namespace enamel::mariadb
