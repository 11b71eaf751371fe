#include "cli/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace enamel::cli {
namespace {

bool isContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::size_t columnsOf(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !isContinuation(c); }));
}

}  // namespace

std::string formatDuration(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::max(0.0, seconds));
  if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string formatPause(double seconds) {
  if (seconds >= 10) return fmt::format("{:.1f} s", seconds);
  return seconds > 0 && seconds < 0.01 ? fmt::format("{:.3f} s", seconds) : fmt::format("{:.2f} s", seconds);
}

std::string shortened(const std::string& text, std::size_t columns) {
  if (columnsOf(text) <= columns) return text;
  const std::size_t keep = columns > 3 ? columns - 3 : 0;
  std::size_t end = 0;
  for (std::size_t count = 0; end < text.size(); ++end) {
    if (!isContinuation(text[end]) && count++ == keep) break;
  }
  return text.substr(0, end) + std::string(std::min<std::size_t>(columns, 3), '.');
}

std::string shortenedFront(const std::string& text, std::size_t columns) {
  if (columnsOf(text) <= columns) return text;
  const std::size_t keep = columns > 3 ? columns - 3 : 0;
  std::size_t begin = text.size();
  for (std::size_t count = 0; count < keep; ++count) {
    while (begin > 0 && isContinuation(text[--begin])) {
    }
  }
  return std::string(std::min<std::size_t>(columns, 3), '.') + text.substr(begin);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + printable(word);
  return text;
}

Table::Table(std::vector<std::string> header) {
  rows_.push_back(std::move(header));
}

void Table::add(std::vector<std::string> row) {
  rows_.push_back(std::move(row));
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columnsOf(row[i]));
  }
  std::string result;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += row[i] + std::string(widths[i] - columnsOf(row[i]) + 2, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    result += line + '\n';
  }
  return result;
}

}  // namespace enamel::cli
