#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace enamel::mariadb {

// Names of databases and tables as the server writes them into file names: ASCII letters, digits and '_'
// stand for themselves, everything else becomes '@' and two characters (common alphabets) or four hexadecimal
// digits; a name that Windows reserves ("aux") gets "@@@" behind it.

// The file name stem of a table or database (UTF-8, characters up to U+FFFF). A name with the prefix
// "#mysql50#" is an old file name that the server shows unconverted: the rest is returned as it is. Throws
// Error(kCorrupt) if name is not UTF-8 of that range.
std::string encodeFileName(std::string_view name);

// The name a stem stands for; nullopt if the stem is not an encoded name (the server then shows it with the
// prefix "#mysql50#"). decodeFileName(encodeFileName(n)) == n for every name without that prefix.
std::optional<std::string> decodeFileName(std::string_view stem);

}  // namespace enamel::mariadb
