#include "mariadb/server_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace enamel::mariadb {
namespace {

constexpr std::size_t kWordsMax = 5;
constexpr std::size_t kWordsBytesMax = 120;

// These messages quote the statement or a value.
bool repeatsValues(unsigned number) {
  switch (number) {
    case 1062:  // duplicate entry
    case 1064:  // syntax error near ...
    case 1149:  // syntax error
    case 1292:  // truncated incorrect value
    case 1366:  // incorrect value for column
    case 1367:  // illegal value found during parsing
    case 1411:  // incorrect value for function
    case 1452:  // foreign key fails, with the row
    case 1525:  // incorrect value
    case 1586:  // duplicate entry for key
    case 1690:  // value out of range, with the expression
    case 4025:  // constraint failed
      return true;
    default:
      return false;
  }
}

std::string hintOf(ErrorCode code, unsigned number) {
  switch (code) {
    case ErrorCode::kDatabaseUnreachable:
      return "check that the database server runs and that host, port or socket of the address are right";
    case ErrorCode::kDatabaseDenied:
      return number == 1045 || number == 1698 ? "check the user name and the password of the database account"
                                              : "give the database account the rights this needs";
    case ErrorCode::kDatabaseBusy:
      return "the server was busy; try again when fewer long reports run";
    default:
      return {};
  }
}

}  // namespace

ErrorCode codeOfServerError(unsigned number) {
  switch (number) {
    case 1205:  // lock wait timeout
    case 1213:  // deadlock
    case 1969:  // max_statement_time
    case 3024:  // max_execution_time
      return ErrorCode::kDatabaseBusy;
    case 1044:
    case 1045:
    case 1095:
    case 1130:
    case 1142:
    case 1143:
    case 1227:
    case 1251:
    case 1370:
    case 1698:
    case 1820:
    case 1862:
    case 4151:
    case 2059:
    case 2061:
      return ErrorCode::kDatabaseDenied;
    case 1040:
    case 1053:
    case 1129:
    case 1152:
    case 1153:
    case 1156:
    case 1158:
    case 1159:
    case 1160:
    case 1161:
    case 1184:
    case 1203:
    case 1226:
    case 1927:
    case 2001:
    case 2002:
    case 2003:
    case 2004:
    case 2005:
    case 2006:
    case 2007:
    case 2009:
    case 2012:
    case 2013:
    case 2026:
    case 2027:
    case 2047:
    case 2055:
      return ErrorCode::kDatabaseUnreachable;
    case 1049:
    case 1051:
    case 1146:
    case 1305:
      return ErrorCode::kNotFound;
    case 1007:
    case 1050:
      return ErrorCode::kExists;
    case 1021:
    case 1114:
      return ErrorCode::kNoSpace;
    default:
      return ErrorCode::kDatabase;
  }
}

std::string firstWords(std::string_view statement) {
  std::string out;
  std::size_t words = 0;
  std::size_t at = 0;
  while (at < statement.size() && words < kWordsMax) {
    const std::size_t begin = statement.find_first_not_of(" \t\r\n", at);
    if (begin == std::string_view::npos) break;
    std::size_t end = begin;
    if (statement[begin] == '`') {
      end = std::min(statement.find_first_of("` ", begin + 1), statement.size());
      if (end == statement.size() || statement[end] != '`') break;
      ++end;
    } else {
      const auto isWord = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; };
      while (end < statement.size() && isWord(statement[end])) ++end;
      if (end == begin) break;
    }
    if (out.size() + (end - begin) > kWordsBytesMax) break;
    if (begin == at && !out.empty() && statement[begin - 1] != '`') break;  // "abc1": neither word nor name
    if (!out.empty()) out += ' ';
    out += statement.substr(begin, end - begin);
    ++words;
    at = end;
  }
  return out;
}

Error serverError(const std::string& server, unsigned number, std::string_view message,
                  std::string_view statement) {
  const ErrorCode code = codeOfServerError(number);
  std::string text = server + ": ";
  if (statement.empty()) {
    text += "cannot sign in";
  } else {
    const std::string words = firstWords(statement);
    text += words.empty() ? "statement failed" : words + " failed";
  }
  text += fmt::format(" with error {}", number);
  if (!message.empty() && !repeatsValues(number)) text += ": " + std::string(message);
  return Error(code, std::move(text), hintOf(code, number));
}

}  // namespace enamel::mariadb
