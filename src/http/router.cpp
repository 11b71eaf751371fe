#include "http/router.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"

namespace enamel::http {
namespace {

enum class SegmentKind { kLiteral, kOne, kRest };

SegmentKind kindOf(const std::string& segment) {
  if (segment.size() < 3 || segment.front() != '{' || segment.back() != '}') return SegmentKind::kLiteral;
  return segment.ends_with("...}") ? SegmentKind::kRest : SegmentKind::kOne;
}

std::string nameOf(const std::string& segment) {
  const std::size_t around = kindOf(segment) == SegmentKind::kRest ? 5 : 2;
  return segment.substr(1, segment.size() - around);
}

Error badPattern(const std::string& pattern, const char* why) {
  return Error(ErrorCode::kUsage, "the route pattern " + pattern + " " + why);
}

std::vector<std::string> split(const std::string& pattern) {
  if (pattern.empty() || pattern.front() != '/') throw badPattern(pattern, "does not begin with a slash");
  std::vector<std::string> segments;
  for (std::size_t at = 1; at < pattern.size();) {
    const auto slash = pattern.find('/', at);
    segments.push_back(pattern.substr(at, slash - at));
    if (segments.back().empty()) throw badPattern(pattern, "has an empty segment");
    if (slash == std::string::npos) return segments;
    at = slash + 1;
  }
  if (!segments.empty()) segments.emplace_back();  // the slash at the end
  return segments;
}

void checkParameters(const std::string& pattern, const std::vector<std::string>& segments) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const SegmentKind kind = kindOf(segments[i]);
    if (kind == SegmentKind::kLiteral) {
      if (segments[i].find_first_of("{}") != std::string::npos)
        throw badPattern(pattern, "has a stray brace");
      continue;
    }
    if (kind == SegmentKind::kRest && i + 1 != segments.size())
      throw badPattern(pattern, "goes on after {name...}");
    if (nameOf(segments[i]).empty() || !names.insert(nameOf(segments[i])).second)
      throw badPattern(pattern, "has a parameter without a name, or one twice");
  }
}

// Whether a goes before b.
bool moreLiteral(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(),
      [](const std::string& x, const std::string& y) { return kindOf(x) < kindOf(y); });
}

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (i == segments.size()) return false;
    switch (kindOf(pattern[i])) {
      case SegmentKind::kRest:
        return true;
      case SegmentKind::kOne:
        if (segments[i].empty()) return false;  // of a slash at the end
        break;
      case SegmentKind::kLiteral:
        if (segments[i] != pattern[i]) return false;
    }
  }
  return pattern.size() == segments.size();
}

std::map<std::string, std::string, std::less<>> parametersOf(const std::vector<std::string>& pattern,
                                                             const std::vector<std::string>& segments) {
  std::map<std::string, std::string, std::less<>> parameters;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const SegmentKind kind = kindOf(pattern[i]);
    if (kind == SegmentKind::kLiteral) continue;
    std::string value = segments[i];
    for (std::size_t j = i + 1; kind == SegmentKind::kRest && j < segments.size(); ++j)
      value += "/" + segments[j];
    parameters.emplace(nameOf(pattern[i]), std::move(value));
  }
  return parameters;
}

std::string allowOf(const std::set<std::string>& methods) {
  std::string allow;
  for (const std::string& method : methods) allow += (allow.empty() ? "" : ", ") + method;
  return allow;
}

bool answers(const Route& route, std::string_view method) {
  return route.method == method || (route.method == "GET" && method == "HEAD");
}

}  // namespace

void Router::add(Route route) {
  std::vector<std::string> pattern = split(route.pattern);
  checkParameters(route.pattern, pattern);
  if (!isToken(route.method)) throw badPattern(route.pattern, "has a method that is no token");
  auto entry = std::find_if(entries_.begin(), entries_.end(),
                            [&](const Entry& other) { return other.pattern == pattern; });
  if (entry == entries_.end()) {
    const auto place = std::upper_bound(
        entries_.begin(), entries_.end(), pattern,
        [](const std::vector<std::string>& a, const Entry& b) { return moreLiteral(a, b.pattern); });
    entry = entries_.insert(place, Entry{.pattern = std::move(pattern)});
  }
  for (const Route& other : entry->routes)
    if (other.method == route.method) throw badPattern(route.pattern, "is there already for that method");
  entry->routes.push_back(std::move(route));
}

void Router::setFallback(Handler handler) {
  fallback_ = Route{.method = "GET", .pattern = "", .handler = std::move(handler)};
}

std::variant<Router::Match, Router::NotFound, Router::WrongMethod> Router::find(
    std::string_view method, const std::vector<std::string>& segments) const {
  std::set<std::string> allowed;
  for (const Entry& entry : entries_) {
    if (!matches(entry.pattern, segments)) continue;
    for (const Route& route : entry.routes) {
      if (answers(route, method))
        return Match{.route = &route, .parameters = parametersOf(entry.pattern, segments)};
      allowed.insert(route.method);
    }
  }
  if (allowed.empty() && fallback_) {
    if (answers(*fallback_, method)) return Match{.route = &*fallback_};
    allowed.insert("GET");
  }
  if (allowed.empty()) return NotFound{};
  if (allowed.contains("GET")) allowed.insert("HEAD");
  allowed.insert("OPTIONS");
  return WrongMethod{.allow = allowOf(allowed)};
}

}  // namespace enamel::http
