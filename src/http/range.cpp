#include "http/range.h"

#include <algorithm>
#include <charconv>

#include "http/headers.h"

namespace enamel::http {
namespace {

// Digits only; a number past 64 bits counts as the largest: it is past any end.
std::optional<std::uint64_t> parsePosition(std::string_view text) {
  if (text.empty() || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc::result_out_of_range ? UINT64_MAX : value;
}

}  // namespace

RangeRequest parseRange(std::string_view field, std::uint64_t size) {
  constexpr RangeRequest kWhole;
  const auto equals = field.find('=');
  if (equals == std::string_view::npos || !equalsIgnoringCase(trimmed(field.substr(0, equals)), "bytes"))
    return kWhole;
  const std::string_view spec = trimmed(field.substr(equals + 1));
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos) return kWhole;
  const std::string_view first_text = spec.substr(0, dash), last_text = spec.substr(dash + 1);
  const auto first = parsePosition(first_text);
  const auto last = parsePosition(last_text);
  if ((!first && !first_text.empty()) || (!last && !last_text.empty()) || (!first && !last)) return kWhole;
  if (!first) {  // the last so many bytes
    const std::uint64_t count = std::min(*last, size);
    if (count == 0) return {.kind = RangeKind::kUnsatisfiable};
    return {.kind = RangeKind::kPart, .range = {.offset = size - count, .size = count}};
  }
  if (last && *last < *first) return kWhole;
  if (*first >= size) return {.kind = RangeKind::kUnsatisfiable};
  const std::uint64_t last_position = last ? std::min(*last, size - 1) : size - 1;
  return {.kind = RangeKind::kPart, .range = {.offset = *first, .size = last_position - *first + 1}};
}

}  // namespace enamel::http
