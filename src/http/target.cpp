#include "http/target.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace enamel::http {
namespace {

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool isVisible(char c) {
  return c > ' ' && c < 0x7f;
}

bool isUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::optional<std::string> decodeSegment(std::string_view text) {
  std::optional<std::string> segment = percentDecode(text);
  if (!segment || *segment == "." || *segment == "..") return std::nullopt;
  if (segment->find('/') != std::string::npos || segment->find('\0') != std::string::npos)
    return std::nullopt;
  return segment;
}

// text: what follows the first slash.
bool readPath(std::string_view text, std::vector<std::string>& segments) {
  if (text.empty()) return true;
  for (;;) {
    const auto slash = text.find('/');
    auto segment = decodeSegment(text.substr(0, slash));
    const bool last = slash == std::string_view::npos;
    if (!segment || (segment->empty() && (!last || segments.empty()))) return false;
    segments.push_back(std::move(*segment));
    if (last) return true;
    text.remove_prefix(slash + 1);
  }
}

// In a query a plus is a space (the form encoding of HTML), in a path it is itself.
std::optional<std::string> decodeFormText(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  auto decoded = percentDecode(spaced);
  if (decoded && decoded->find('\0') != std::string::npos) return std::nullopt;
  return decoded;
}

bool readQuery(std::string_view text, Query& query) {
  while (!text.empty()) {
    const auto end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto name = decodeFormText(pair.substr(0, equals));
    auto value =
        decodeFormText(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
    if (!name || !value) return false;
    query.add({std::move(*name), std::move(*value)});
  }
  return true;
}

}  // namespace

const std::string* Query::find(std::string_view name) const {
  const auto found = std::find_if(parameters_.begin(), parameters_.end(),
                                  [name](const Parameter& parameter) { return parameter.name == name; });
  return found == parameters_.end() ? nullptr : &found->value;
}

std::vector<std::string> Query::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const Parameter& parameter : parameters_)
    if (parameter.name == name) values.push_back(parameter.value);
  return values;
}

std::string Target::path() const {
  if (segments.empty()) return "/";
  std::string path;
  for (const std::string& segment : segments) path += "/" + segment;
  return path;
}

std::optional<std::string> percentDecode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = hexDigit(text[i + 1]), low = hexDigit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

std::string percentEncode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (isUnreserved(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<std::uint8_t>(c);
    encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return encoded;
}

std::optional<Target> parseTarget(std::string_view text) {
  if (text.empty() || text.front() != '/' || !std::all_of(text.begin(), text.end(), isVisible) ||
      text.find('#') != std::string_view::npos)
    return std::nullopt;
  const auto question = text.find('?');
  Target target;
  if (!readPath(text.substr(0, question).substr(1), target.segments)) return std::nullopt;
  if (question != std::string_view::npos && !readQuery(text.substr(question + 1), target.query))
    return std::nullopt;
  return target;
}

}  // namespace enamel::http
