#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "mariadb/connection.h"

namespace enamel::jobs {

// What people should know before a copy takes the place of the database that they work with.
struct DatabaseComparison {
  struct Table {
    std::string name;
    // nullopt: there is no such table, or counting it would have taken too long.
    std::optional<std::uint64_t> live_rows, copy_rows;
  };
  struct Versions {
    std::string program, database;  // empty: not an Open Dental database, or not set
  };
  std::string live, copy;  // as the server spells them
  std::vector<Table> tables;
  Versions live_versions, copy_versions;
  // Newest entry of the audit log, the practice's local time: "2026-11-22 18:03:11".
  std::optional<std::string> live_newest_log, copy_newest_log;
  std::vector<std::string> warnings;
  std::vector<std::string> blockers;  // why it cannot be done; with what to do
};

// Reads both databases; changes nothing. Throws kNotFound if there is no such database.
DatabaseComparison compareDatabases(mariadb::Connection& connection, const std::string& live,
                                    const std::string& copy);

nlohmann::ordered_json comparisonJson(const DatabaseComparison& comparison);

}  // namespace enamel::jobs
