#pragma once

#include <filesystem>

#include "base/bytes.h"
#include "mariadb/url.h"

namespace enamel::opendental {

// How a workstation reaches the practice's database: FreeDentalConfig.xml in Open Dental's program folder,
//
//   <ConnectionSettings>
//     <DatabaseConnection>
//       <ComputerName>SERVER</ComputerName>   the server, or "SERVER:3307"
//       <Database>opendental</Database>
//       <User>root</User>
//       <Password></Password>                 plain text, as a rule empty
//       <MySQLPassHash>...</MySQLPassHash>    the password obfuscated, where Password is empty
//       <DatabaseType>MySql</DatabaseType>
//     </DatabaseConnection>
//   </ConnectionSettings>
//
// as the published source (24.3) writes and reads it, other elements left aside.
struct FreeDentalConfig {
  // user, password, host, port, database. host may be "localhost": the computer that the file is from.
  mariadb::Address address;
  // There is a password, but only in a form that Open Dental alone can read: somebody has to type it.
  bool password_obfuscated = false;
};

// Takes any bytes; content is overwritten, because the password is in it. No entities beyond XML's own five
// are known, nothing is ever fetched. Throws Error: kLimit past 1 MiB, kCorrupt for what is not such a file
// (not UTF-8, not XML, a document type, an element missing, empty or longer than 255 bytes where it may not
// be), kUnsupported for one without a database connection of its own (Open Dental's Middle Tier, a connection
// string, Oracle). No error's text holds the file's content.
FreeDentalConfig parseFreeDentalConfig(MutableByteView content);

// The same for a file; also throws what readFile() does.
FreeDentalConfig readFreeDentalConfig(const std::filesystem::path& path);

}  // namespace enamel::opendental
