#include "mariadb/table_damage.h"

#include <initializer_list>
#include <string_view>

#include "mariadb/connection.h"

namespace enamel::mariadb {
namespace {

bool namesAny(const std::string& text, std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts)
    if (text.find(part) != std::string::npos) return true;
  return false;
}

std::string advice(const std::string& damage, const std::string& table) {
  const std::string repair = "REPAIR TABLE " + quoteName(table);
  if (namesAny(damage, {"ermission denied", "Errcode: 13 ", "errno: 13 "}))
    return "the server's user and the user who runs the backup must be able to read the table's files";
  if (namesAny(damage, {".frm"}))
    return "an earlier backup has its definition (enamel restore --only), which goes with the rows that are "
           "there";
  if (namesAny(damage, {".MYD"}))
    return repair +
           " keeps the rows that are still there; an earlier backup has the others (enamel restore "
           "--only)";
  if (namesAny(damage, {".MYI", "Incorrect file format"}))
    return repair + " USE_FRM makes its indexes anew from the rows";
  return repair + " may mend it; if not, an earlier backup has the table (enamel restore --only)";
}

}  // namespace

std::string withAdvice(const std::string& damage, const std::string& table) {
  return damage + "; " + advice(damage, table);
}

bool isDamagedTable(unsigned error_number) {
  switch (error_number) {
    case 29:    // file not found
    case 126:   // engine's: index file is crashed
    case 127:   // engine's: record file is crashed
    case 130:   // engine's: incorrect file format
    case 144:   // engine's: crashed, and the last repair failed
    case 145:   // engine's: marked as crashed
    case 1016:  // cannot open file
    case 1017:  // cannot find file
    case 1033:  // incorrect information in file (.frm)
    case 1034:  // incorrect key file
    case 1035:  // old key file
    case 1194:  // marked as crashed
    case 1195:  // crashed, and the last repair failed
      return true;
    default:
      return false;
  }
}

}  // namespace enamel::mariadb
