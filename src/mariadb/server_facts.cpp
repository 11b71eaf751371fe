#include "mariadb/server_facts.h"

#include <cstdlib>
#include <map>

namespace enamel::mariadb {

ServerFacts readServerFacts(Connection& connection, double now_s) {
  std::map<std::string, std::string> variables;
  for (const StoredRow& row : connection.query(
           "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('version', 'version_comment', 'datadir', "
           "'lower_case_table_names', 'log_bin', 'myisam_use_mmap')")) {
    if (row.size() >= 2 && row[0] && row[1]) variables[*row[0]] = *row[1];
  }
  ServerFacts facts;
  facts.version = variables["version"];
  facts.comment = variables["version_comment"];
  facts.is_mariadb = facts.version.find("MariaDB") != std::string::npos ||
                     facts.comment.find("MariaDB") != std::string::npos;
  facts.data_folder = variables["datadir"];
  facts.lower_case_names =
      !variables["lower_case_table_names"].empty() && variables["lower_case_table_names"] != "0";
  facts.binary_log = variables["log_bin"] == "ON";
  facts.maps_data_files = variables["myisam_use_mmap"] == "ON";
  if (const auto seconds = connection.queryValue("SELECT UNIX_TIMESTAMP()"))
    facts.clock_ahead_s = std::strtod(seconds->c_str(), nullptr) + 0.5 - now_s;
  return facts;
}

}  // namespace enamel::mariadb
