#pragma once

#include <string>

namespace enamel::cli {

// The text with the passwords of URLs in it replaced: "mariadb://user:***@host/name".
std::string redactUrls(const std::string& text);

// Overwrites the passwords of URLs in this process's own arguments, which every user of the machine can see
// in the process list. REQUIRES: whoever needs the arguments has copied them.
void scrubArguments(int argc, char** argv);

}  // namespace enamel::cli
