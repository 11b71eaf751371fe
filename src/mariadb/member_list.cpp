#include "mariadb/member_list.h"

#include <algorithm>

namespace enamel::mariadb {
namespace {

constexpr std::size_t kNumberTextMax = 5;

}  // namespace

std::vector<std::string> listMembers(std::string_view column_type) {
  std::vector<std::string> members;
  if (column_type.substr(0, 5) != "enum(" && column_type.substr(0, 4) != "set(") return members;
  bool inside = false;
  for (std::size_t i = 0; i < column_type.size(); ++i) {
    const char c = column_type[i];
    if (!inside) {
      if (c != '\'') continue;
      inside = true;
      members.emplace_back();
    } else if (c == '\'' && i + 1 < column_type.size() && column_type[i + 1] == '\'') {
      members.back() += column_type[++i];
    } else if (c == '\'') {
      inside = false;
    } else if (c == '\\' && i + 1 < column_type.size()) {
      members.back() += column_type[++i];
    } else {
      members.back() += c;
    }
  }
  return members;
}

bool hasEmptyMember(const std::vector<std::string>& members) {
  return std::any_of(members.begin(), members.end(), [](const std::string& m) { return m.empty(); });
}

std::string numberText(std::uint64_t number, const std::vector<std::string>& members) {
  for (std::string text = std::to_string(number); text.size() <= kNumberTextMax; text.insert(0, 1, '0')) {
    if (std::find(members.begin(), members.end(), text) == members.end()) return text;
  }
  return {};
}

}  // namespace enamel::mariadb
