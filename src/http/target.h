#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace enamel::http {

// Query parameters, decoded, in the order they came; a name may occur several times.
class Query {
 public:
  struct Parameter {
    std::string name;
    std::string value;
    friend bool operator==(const Parameter&, const Parameter&) = default;
  };

  // The first value of that name; nullptr if there is none.
  const std::string* find(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
  const std::vector<Parameter>& parameters() const { return parameters_; }
  void add(Parameter parameter) { parameters_.push_back(std::move(parameter)); }

 private:
  std::vector<Parameter> parameters_;
};

// What a request asks for: the decoded target of its first line.
struct Target {
  // Decoded once, between the slashes: "/a/b%20c" is {"a", "b c"}, "/" is {}. The only segment that may be
  // empty is the last: "/a/" is {"a", ""}. None is "." or "..", none holds a slash or a NUL.
  std::vector<std::string> segments;
  Query query;

  // "/a/b c": the segments joined again.
  std::string path() const;
};

// Reads a target in origin-form (RFC 9112 section 3.2.1). nullopt for anything that two readers might
// understand differently: another form, a fragment, bytes that are not visible ASCII, bad percent-encoding,
// an encoded slash or NUL, an empty segment, a dot segment, however encoded.
std::optional<Target> parseTarget(std::string_view text);

// Percent-encodes all but unreserved characters (RFC 3986 section 2.3): for one segment or query value.
std::string percentEncode(std::string_view text);
// nullopt if a % is not followed by two hexadecimal digits.
std::optional<std::string> percentDecode(std::string_view text);

}  // namespace enamel::http
