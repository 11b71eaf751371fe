#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace enamel::http {

// Header fields in the order they were added. Names compare without case (RFC 9110 section 5.1). Not
// thread-safe; copyable.
class Headers {
 public:
  struct Field {
    std::string name;
    std::string value;
  };

  Headers() = default;
  Headers(std::initializer_list<Field> fields);

  // Throws Error(kUsage) if name is no token or value holds a control character other than a tab: a line
  // break in a value would let whoever chose it write fields of their own.
  void add(std::string name, std::string value);
  // As add, after removing what had the name.
  void set(std::string name, std::string value);
  void remove(std::string_view name);

  // The first value, nullptr if there is none. Valid until the next change.
  const std::string* find(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  bool contains(std::string_view name) const { return find(name) != nullptr; }

  const std::vector<Field>& fields() const { return fields_; }

 private:
  std::vector<Field> fields_;
};

// Whether two ASCII texts are equal but for case.
bool equalsIgnoringCase(std::string_view a, std::string_view b);
// ASCII letters in lower case, all else as it is.
std::string lowerCase(std::string_view text);
// Without spaces and tabs at both ends.
std::string_view trimmed(std::string_view text);
// A token as RFC 9110 section 5.6.2 has it: what names of fields and methods are made of.
bool isToken(std::string_view text);

}  // namespace enamel::http
