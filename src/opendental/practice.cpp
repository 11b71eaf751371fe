#include "opendental/practice.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "base/error.h"
#include "base/letter_case.h"
#include "opendental/tables.h"

namespace enamel::opendental {

using mariadb::Connection;
using mariadb::quoteValue;
using mariadb::Row;

namespace {

// A preference that is not there counts as empty, as in Open Dental. The column is a text of at most 64 KiB;
// one of another type may hold anything.
std::string preference(Connection& connection, const std::string& name) {
  return connection
      .queryValue("SELECT LEFT(ValueString, 65535) FROM preference WHERE PrefName = " + quoteValue(name))
      .value_or("");
}

BackupTabDefaults readBackupTab(Connection& connection) {
  return {.backup_from = preference(connection, "BackupFromPath"),
          .backup_to = preference(connection, "BackupToPath"),
          .restore_from = preference(connection, "BackupRestoreFromPath"),
          .restore_to = preference(connection, "BackupRestoreToPath"),
          .restore_images_to = preference(connection, "BackupRestoreAtoZToPath"),
          .exclude_image_folder = preference(connection, "BackupExcludeImageFolder") == "1"};
}

// What the server gives for a number may be anything: a damaged backup's column of another type.
std::uint64_t parseNumber(std::string_view text, const char* what) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    throw Error(ErrorCode::kCorrupt, std::string(what) + " is not a number");
  }
  return number;
}

bool isFileName(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos &&
         name.find('\0') == std::string::npos;
}

}  // namespace

std::string documentPath(const std::string& image_folder, const std::string& file_name) {
  if (!isFileName(image_folder)) return {};
  // Old versions on Windows stored sub-folders with a backslash.
  std::string file = file_name;
  for (char& c : file) c = c == '\\' ? '/' : c;
  std::size_t begin = 0;
  while (begin <= file.size()) {
    const std::size_t end = std::min(file.find('/', begin), file.size());
    if (!isFileName(file.substr(begin, end - begin))) return {};
    begin = end + 1;
  }
  return upperCase(firstCharacter(image_folder)) + "/" + image_folder + "/" + file;
}

std::optional<PracticeFacts> readPracticeFacts(Connection& connection) {
  if (!hasTable(connection, "preference")) return std::nullopt;
  PracticeFacts facts;
  try {
    facts.database_version = preference(connection, "DataBaseVersion");
    facts.program_version = preference(connection, "ProgramVersion");
    if (facts.database_version.empty() && facts.program_version.empty()) return std::nullopt;
    facts.practice_title = preference(connection, "PracticeTitle");
    const std::string used = preference(connection, "AtoZfolderUsed");
    facts.images_in_folder = used.empty() || used == "1";
    facts.image_folders = parseDocPaths(preference(connection, "DocPath"));
    facts.backup_tab = readBackupTab(connection);
  } catch (const Error& e) {
    if (e.code() != ErrorCode::kNotFound && e.code() != ErrorCode::kDatabase) throw;
    return std::nullopt;  // some other program's table of that name
  }
  if (hasTable(connection, "securitylog")) {
    try {
      facts.newest_log_entry = connection.queryValue("SELECT MAX(LogDateTime) FROM securitylog");
    } catch (const Error& e) {
      if (e.code() != ErrorCode::kNotFound && e.code() != ErrorCode::kDatabase) throw;  // no such column
    }
  }
  for (const char* table : {"document", "patient"})
    if (!hasTable(connection, table)) facts.missing_tables.emplace_back(table);
  if (hasTable(connection, "document")) {
    facts.documents = parseNumber(connection.queryValue("SELECT COUNT(*) FROM document").value_or("0"),
                                  "the document count");
  }
  return facts;
}

void setDocPath(Connection& connection, const std::string& path) {
  if (!hasTable(connection, "preference"))
    throw Error(ErrorCode::kNotFound, "there is no table preference in this database, so no DocPath to set",
                "restore the whole database, or the table preference too");
  const bool there =
      connection.queryValue("SELECT COUNT(*) FROM preference WHERE PrefName = 'DocPath'").value_or("0") !=
      "0";
  connection.execute(
      there ? "UPDATE preference SET ValueString = " + quoteValue(path) + " WHERE PrefName = 'DocPath'"
            : "INSERT INTO preference (PrefName, ValueString) VALUES ('DocPath', " + quoteValue(path) + ")");
}

void forEachDocument(Connection& connection, const std::function<void(const DocumentFile&)>& on_document) {
  if (!hasTable(connection, "document") || !hasTable(connection, "patient")) return;
  connection.stream(
      "SELECT d.DocNum, d.FileName, p.ImageFolder, d.PatNum FROM document d LEFT JOIN patient p ON p.PatNum "
      "= "
      "d.PatNum WHERE d.FileName IS NOT NULL AND d.FileName <> '' ORDER BY p.ImageFolder",
      [&](const Row& row) {
        DocumentFile document;
        document.document = parseNumber(row.at(0).isNull() ? "" : row[0].text(), "a DocNum");
        if (row.at(2).isNull()) {
          document.problem =
              "patient " + std::string(row.at(3).isNull() ? "NULL" : row.at(3).text()) + " is missing";
        } else {
          document.path = documentPath(std::string(row[2].text()), std::string(row[1].text()));
          if (document.path.empty()) document.problem = "its folder or file name is not usable";
        }
        on_document(document);
      });
}

}  // namespace enamel::opendental
