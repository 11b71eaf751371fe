#pragma once

#include <string>

namespace enamel::mariadb {

// What is wrong with a table of the practice, in the server's words or ours, with what to do about it behind.
// The advice goes by what the words name: the definition (.frm), the rows (.MYD), the indexes (.MYI), or
// nothing.
std::string withAdvice(const std::string& damage, const std::string& table);

// Whether the server's error number says that the table itself is damaged, and not the statement.
bool isDamagedTable(unsigned error_number);

}  // namespace enamel::mariadb
