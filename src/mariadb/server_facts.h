#pragma once

#include <cstdint>
#include <string>

#include "mariadb/connection.h"

namespace enamel::mariadb {

// What a server is and can do, as it says itself. What only trying shows (BACKUP STAGE) is not here.
struct ServerFacts {
  std::string version, comment;  // "10.11.6-MariaDB", "Debian 12"
  bool is_mariadb = false;
  std::string data_folder;        // as the server sees it
  bool lower_case_names = false;  // lower_case_table_names != 0
  bool binary_log = false;
  bool maps_data_files = false;  // myisam_use_mmap: files change without their times changing
  // The server's clock minus this machine's, in seconds.
  double clock_ahead_s = 0;
};

ServerFacts readServerFacts(Connection& connection, double now_s);

}  // namespace enamel::mariadb
