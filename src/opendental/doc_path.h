#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace enamel::opendental {

enum class DocPathKind : std::uint8_t {
  kDrive,   // "C:\OpenDentImages\": on each workstation its own drive, or a share mapped to the letter
  kUnc,     // "\\server\OpenDentImages\": a share, which can be mounted
  kUnix,    // "/srv/OpenDentImages": where Open Dental's server runs Linux
  kUnknown  // anything else; only text is set
};

// One place of the image folder as Open Dental names it, taken apart. It is a path on the practice's
// workstations, hardly ever one of this machine: a proposal for whoever sets up a mount, never to be opened.
struct DocPath {
  std::string text;  // as stored, without white space around it; any bytes: printable() before it is shown
  DocPathKind kind = DocPathKind::kUnknown;
  char drive = 0;             // kDrive: 'A' to 'Z'
  std::string server, share;  // kUnc; neither is empty
  // Below the drive, the share or "/", none of them empty, "." or "..".
  std::vector<std::string> folders;
};

// The preference DocPath: one path or several, separated by ';' (Open Dental takes the first whose folder "A"
// is there). Both slashes separate folders in Windows' paths, as in Windows. Takes any bytes; empty parts are
// left out.
std::vector<DocPath> parseDocPaths(std::string_view preference);

}  // namespace enamel::opendental
