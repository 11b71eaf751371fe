#include "mail/message.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <ctime>

#include "base/bytes.h"
#include "base/error.h"

namespace enamel::mail {
namespace {

constexpr std::size_t kAddressBytesMax = 254;  // RFC 5321
constexpr std::size_t kSubjectBytesMax = 300;
// In whole groups of three, so that "Subject: =?UTF-8?B?", their base64 and "?=" fit into a line of 76
// characters.
constexpr std::size_t kWordBytes = 39;
constexpr std::size_t kQuotedLineMax = 75;  // and the "=" that ends it

// Bytes of the UTF-8 character at the begin of text; 0 if there is none. Overlong forms and surrogates are
// not told apart: mail programs show them as they like.
std::size_t characterBytes(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80                    ? 1
                             : first >= 0xC2 && first < 0xE0 ? 2
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) return 0;
  return length;
}

// Valid UTF-8 without control characters but those kept.
std::string clean(std::string_view text, std::string_view kept) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = characterBytes(text);
    const char c = text.front();
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    if (length == 0) {
      result += "\xEF\xBF\xBD";
    } else if (control && kept.find(c) == std::string_view::npos) {
      result += ' ';
    } else {
      result += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

// As encoded words (RFC 2047) on lines of their own; no character is cut in two.
std::string encodedWords(const std::string& text) {
  std::string result;
  std::string_view rest = text;
  do {
    std::size_t taken = 0;
    while (taken < rest.size()) {
      const std::size_t length = characterBytes(rest.substr(taken));
      if (taken + length > kWordBytes) break;
      taken += length;
    }
    result +=
        (result.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + toBase64(asBytes(rest.substr(0, taken))) + "?=";
    rest.remove_prefix(taken);
  } while (!rest.empty());
  return result;
}

std::string cut(std::string text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xC0U) == 0x80U) --bytes_max;
  return text.substr(0, bytes_max) + "...";
}

void appendQuotedLine(std::string& out, std::string_view line) {
  constexpr const char* kHex = "0123456789ABCDEF";
  std::size_t column = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto c = static_cast<unsigned char>(line[i]);
    const bool blank_at_end = (c == ' ' || c == '\t') && i + 1 == line.size();
    // A line of one dot ends a mail; libcurl doubles dots, but who passes it on may not.
    const bool dot_at_begin = c == '.' && column == 0;
    const bool plain =
        ((c >= 33 && c <= 126 && c != '=') || c == ' ' || c == '\t') && !blank_at_end && !dot_at_begin;
    if (column + (plain ? 1 : 3) > kQuotedLineMax) {
      out += "=\r\n";
      column = 0;
    }
    if (plain) {
      out += static_cast<char>(c);
      ++column;
    } else {
      out += {'=', kHex[c >> 4U], kHex[c & 15U]};
      column += 3;
    }
  }
  out += "\r\n";
}

std::string quotedPrintable(const std::string& body) {
  std::string out;
  std::string_view rest = body;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    appendQuotedLine(out, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

// "Sun, 29 Nov 2026 07:50:00 +0000"
std::string dateText(Timestamp date) {
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto seconds = static_cast<std::time_t>(date.ns / 1'000'000'000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  const int length = std::snprintf(text.data(), text.size(), "%s, %d %s %d %02d:%02d:%02d +0000",
                                   kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                                   kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                                   parts.tm_hour, parts.tm_min, parts.tm_sec);
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

void requireAddress(std::string_view address) {
  const std::size_t at = address.rfind('@');
  const bool right = address.size() <= kAddressBytesMax && at != std::string_view::npos && at != 0 &&
                     at + 1 < address.size() &&
                     std::all_of(address.begin(), address.end(), [](char c) { return c > 32 && c < 127; }) &&
                     address.find_first_of("<>,;\"()[]\\") == std::string_view::npos;
  if (!right)
    throw Error(ErrorCode::kUsage, "an address for mails is none that can be used",
                "write addresses as office@example.com, in plain letters");
}

std::string format(const Message& message) {
  requireAddress(message.from);
  requireAddress(message.to);
  std::string text = "Date: " + dateText(message.date) + "\r\n";
  text += "From: ";
  if (!message.from_name.empty())
    text += encodedWords(cut(clean(message.from_name, ""), kSubjectBytesMax)) + "\r\n ";
  text += "<" + message.from + ">\r\n";
  text += "To: <" + message.to + ">\r\n";
  text += "Subject: " + encodedWords(cut(clean(message.subject, ""), kSubjectBytesMax)) + "\r\n";
  text += "Message-ID: <" + message.id + "@" + message.from.substr(message.from.rfind('@') + 1) + ">\r\n";
  text +=
      "Auto-Submitted: auto-generated\r\n"
      "MIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n"
      "\r\n";
  return text + quotedPrintable(clean(message.body, "\n\t"));
}

}  // namespace enamel::mail
