#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace enamel::mariadb {

// The members of an ENUM or SET as COLUMN_TYPE of information_schema writes them: enum('a','it''s'). Empty
// for other types. Escapes are undone as far as telling members apart takes.
std::vector<std::string> listMembers(std::string_view column_type);

bool hasEmptyMember(const std::vector<std::string>& members);

// A text that the server takes for this number of an ENUM or SET, not for the name of a member: digits, with
// as many zeros before them as it takes. The server reads names first, then numbers of up to five digits.
// Empty where every such text is a member.
std::string numberText(std::uint64_t number, const std::vector<std::string>& members);

}  // namespace enamel::mariadb
