#include "sample/row_text.h"

#include <algorithm>
#include <charconv>

namespace enamel::sample {
namespace {

void appendNumber(std::string& out, std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, end.ptr);
}

}  // namespace

void RowText::beginField() {
  if (!at_start_) bytes_ += '\t';
  at_start_ = false;
}

RowText& RowText::number(std::int64_t value) {
  beginField();
  appendNumber(bytes_, value);
  return *this;
}

RowText& RowText::money(std::int64_t cents) {
  beginField();
  if (cents < 0) bytes_ += '-';
  const std::int64_t size = cents < 0 ? -cents : cents;
  appendNumber(bytes_, size / 100);
  bytes_ += '.';
  bytes_ += static_cast<char>('0' + size / 10 % 10);
  bytes_ += static_cast<char>('0' + size % 10);
  return *this;
}

RowText& RowText::text(std::string_view value) {
  beginField();
  for (std::size_t at = 0; at < value.size();) {
    const std::size_t special = std::min(value.find_first_of("\\\t\n", at), value.size());
    bytes_.append(value, at, special - at);
    if (special == value.size()) break;
    bytes_ += '\\';
    bytes_ += value[special] == '\t' ? 't' : value[special] == '\n' ? 'n' : '\\';
    at = special + 1;
  }
  return *this;
}

RowText& RowText::null() {
  beginField();
  bytes_ += "\\N";
  return *this;
}

RowText& RowText::date(Day day) {
  beginField();
  appendDate(bytes_, day);
  return *this;
}

RowText& RowText::dateTime(Day day, std::int64_t second) {
  beginField();
  appendDateTime(bytes_, day, second);
  return *this;
}

void RowText::endRow() {
  bytes_ += '\n';
  at_start_ = true;
}

}  // namespace enamel::sample
