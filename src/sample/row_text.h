#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sample/calendar.h"

namespace enamel::sample {

// Rows as LOAD DATA reads them by default: fields between tabs, rows ended by newlines, backslash escapes.
class RowText {
 public:
  RowText& number(std::int64_t value);
  // 12345 -> 123.45
  RowText& money(std::int64_t cents);
  // Escapes what needs it.
  RowText& text(std::string_view value);
  RowText& null();
  RowText& date(Day day);
  RowText& dateTime(Day day, std::int64_t second);
  void endRow();

  // What was written so far.
  std::string& bytes() { return bytes_; }

 private:
  void beginField();

  std::string bytes_;
  bool at_start_ = true;  // of a row
};

}  // namespace enamel::sample
