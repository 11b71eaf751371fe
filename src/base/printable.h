#pragma once

#include <string>
#include <string_view>

namespace enamel {

// Text that is safe on a terminal and stays on its line: control characters, those of C1 among them, are
// written as escapes. Names of files and tables, and what is in a backup, may hold any.
std::string printable(std::string_view text);

}  // namespace enamel
