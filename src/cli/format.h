#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/printable.h"

namespace enamel::cli {

// How long something takes: "0:07", "12:34", "1:02:03".
std::string formatDuration(double seconds);
// A short moment: "0.04 s", "12.3 s".
std::string formatPause(double seconds);

// The first `columns` characters of UTF-8 text, with "..." at the end if something was cut off.
std::string shortened(const std::string& text, std::size_t columns);
// The same for the last characters: "...ms/AdamsTom12/x.jpg".
std::string shortenedFront(const std::string& text, std::size_t columns);

// "a, b", each printable.
std::string joined(const std::vector<std::string>& words);

// Rows of cells, for people: columns as wide as their widest cell, two spaces between them.
class Table {
 public:
  explicit Table(std::vector<std::string> header);
  void add(std::vector<std::string> row);
  // Ends with a newline. No spaces at the end of lines.
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace enamel::cli
