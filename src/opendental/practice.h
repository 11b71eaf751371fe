#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "mariadb/connection.h"
#include "opendental/doc_path.h"

namespace enamel::opendental {

// What the Backup tab of Open Dental's own tool offers: folders as its users typed them, as a rule of a
// Windows machine, each empty if not set. Proposals for people who set Enamel up, never opened.
struct BackupTabDefaults {
  std::string backup_from, backup_to;    // BackupFromPath (the server's data folder), BackupToPath
  std::string restore_from, restore_to;  // BackupRestoreFromPath, BackupRestoreToPath
  std::string restore_images_to;         // BackupRestoreAtoZToPath
  bool exclude_image_folder = false;     // BackupExcludeImageFolder is 1
};

// What an Open Dental database says about itself. Only reads; any table, column or preference can be missing
// in an older database.
struct PracticeFacts {
  std::string practice_title;
  std::string database_version, program_version;
  // Newest securitylog time as stored (the practice's local time), "2026-11-22 18:03:11"; nullopt: no log.
  std::optional<std::string> newest_log_entry;
  bool images_in_folder = true;        // AtoZfolderUsed is 1 or not set
  std::vector<DocPath> image_folders;  // DocPath, in the order in which Open Dental tries them
  BackupTabDefaults backup_tab;
  // Which of the tables that say what belongs into the image folder are not there: "document", "patient".
  std::vector<std::string> missing_tables;
  std::uint64_t documents = 0;  // rows of document
};

// nullopt if the database (selected on the connection) has no table `preference` or none of Open Dental's
// versions in it: it is not an Open Dental database.
std::optional<PracticeFacts> readPracticeFacts(mariadb::Connection& connection);

// Sets the preference DocPath of the database selected on the connection: of a restored copy, whose images
// lie elsewhere. Throws kNotFound if it has no table preference.
void setDocPath(mariadb::Connection& connection, const std::string& path);

// One document row's place in the image folder.
struct DocumentFile {
  std::uint64_t document = 0;  // DocNum
  // "A/AdamsJohn17/scan.jpg" below the image folder's root; empty if no file can have that name (the patient
  // is missing, or a name leaves its folder).
  std::string path;
  std::string problem;  // why path is empty
};

// Calls back for every document row that names a file, those of one folder in a row. The path rule is the
// original's: the first letter of the patient's ImageFolder in upper case, ImageFolder, FileName.
void forEachDocument(mariadb::Connection& connection,
                     const std::function<void(const DocumentFile&)>& on_document);

// The path rule alone; empty if a part cannot be a file name.
std::string documentPath(const std::string& image_folder, const std::string& file_name);

}  // namespace enamel::opendental
