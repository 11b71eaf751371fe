#pragma once

#include <string>

namespace enamel::cli {

// How a Linux computer in the office pulls the backups of a Windows server: the account on the database
// server, the read-only shares and their mounts, with the names that are known filled in.
struct WindowsGuide {
  std::string server = "SERVER";  // the Windows computer
  std::string database = "opendental";
  std::string this_computer = "BACKUP-PC";
};
std::string windowsGuideText(const WindowsGuide& guide);

}  // namespace enamel::cli
