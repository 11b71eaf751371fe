#include "mariadb/manifest.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "base/error.h"

namespace enamel::mariadb {
namespace {

constexpr std::size_t kTablesMax = 1'000'000;
constexpr std::size_t kNameBytesMax = 64UL * 4 + 16;  // 64 characters and the server's own prefixes
constexpr std::size_t kStemBytesMax = 250;

constexpr std::array<std::string_view, 4> kForms{"files", "files_keyed", "rows", "definition"};

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::kCorrupt, "the manifest of the backup is damaged: " + what);
}

// A stem becomes part of a path on restore.
bool isStem(std::string_view stem) {
  return !stem.empty() && stem.size() <= kStemBytesMax &&
         stem.find_first_of(std::string_view("/\0", 2)) == stem.npos && stem.front() != '.';
}

using Object = simdjson::dom::object;
using Element = simdjson::dom::element;

std::string text(const Object& object, std::string_view key) {
  return std::string(object.at_key(key).get_string().value());
}

std::string optionalText(const Object& object, std::string_view key) {
  std::string_view value;
  const auto error = object.at_key(key).get(value);
  if (error == simdjson::NO_SUCH_FIELD) return {};
  if (error != simdjson::SUCCESS) fail(std::string(key) + " is not a text");
  return std::string(value);
}

std::uint64_t number(const Object& object, std::string_view key) {
  return object.at_key(key).get_uint64().value();
}

std::uint64_t optionalNumber(const Object& object, std::string_view key) {
  std::uint64_t value = 0;
  const auto error = object.at_key(key).get(value);
  if (error != simdjson::SUCCESS && error != simdjson::NO_SUCH_FIELD)
    fail(std::string(key) + " is not a count");
  return value;
}

double seconds(const Object& object, std::string_view key) {
  const double value = object.at_key(key).get_double().value();
  if (!(value >= 0 && value < 1e9)) fail(std::string(key) + " is no length of time");
  return value;
}

ManifestTable readTable(const Object& object) {
  ManifestTable table;
  table.name = text(object, "name");
  table.file = text(object, "file");
  table.engine = optionalText(object, "engine");
  table.error = optionalText(object, "error");
  if (table.name.empty() || table.name.size() > kNameBytesMax) fail("a table name of impossible length");
  if (!isStem(table.file)) fail("a table's file name is none");
  const std::string form = text(object, "form");
  const auto* const at = std::find(kForms.begin(), kForms.end(), form);
  if (at == kForms.end()) fail("unknown form of a table");
  table.form = static_cast<TableForm>(at - kForms.begin());
  table.rows = number(object, "rows");
  table.bytes = number(object, "bytes");
  return table;
}

Manifest readManifest(const Object& object) {
  const std::uint64_t format = number(object, "format");
  if (format > Manifest::kFormat) {
    throw Error(ErrorCode::kUnsupported,
                "the backup's manifest has format " + std::to_string(format) + ", this Enamel knows up to " +
                    std::to_string(Manifest::kFormat),
                "use a newer Enamel");
  }
  if (format == 0) fail("format 0");
  Manifest manifest;
  manifest.database = text(object, "database");
  if (manifest.database.empty() || manifest.database.size() > kNameBytesMax) fail("no database name");
  const auto instant = parseRfc3339(text(object, "instant"));
  if (!instant) fail("the instant is no time");
  manifest.instant = *instant;
  manifest.server_version = optionalText(object, "server_version");
  manifest.server_comment = optionalText(object, "server_comment");
  manifest.lower_case_names = object.at_key("lower_case_names").get_bool().value();
  manifest.character_set = optionalText(object, "character_set");
  manifest.collation = optionalText(object, "collation");
  manifest.binlog_file = optionalText(object, "binlog_file");
  manifest.binlog_position = optionalNumber(object, "binlog_position");
  manifest.gtid_position = optionalText(object, "gtid_position");
  manifest.lock_seconds = seconds(object, "lock_seconds");
  if (object.at_key("lock_wait_seconds").error() != simdjson::NO_SUCH_FIELD)
    manifest.lock_wait_seconds = seconds(object, "lock_wait_seconds");
  manifest.lock_method = optionalText(object, "lock_method");
  manifest.lock_attempts = optionalNumber(object, "lock_attempts");
  manifest.views = optionalNumber(object, "views");
  manifest.triggers = optionalNumber(object, "triggers");
  manifest.routines = optionalNumber(object, "routines");
  manifest.events = optionalNumber(object, "events");
  if (const auto broken = object.at_key("broken_views"); broken.error() != simdjson::NO_SUCH_FIELD) {
    const simdjson::dom::array views = broken.get_array();
    for (const Element item : views) manifest.broken_views.emplace_back(item.get_string().value());
  }
  std::unordered_set<std::string> names;
  std::unordered_set<std::string> stems;
  std::uint64_t rows = 0;
  const simdjson::dom::array tables = object.at_key("tables").get_array();
  for (const Element item : tables) {
    if (manifest.tables.size() >= kTablesMax) fail("too many tables");
    ManifestTable table = readTable(item.get_object().value());
    if (!names.insert(table.name).second || !stems.insert(table.file).second) fail("a table is listed twice");
    if (__builtin_add_overflow(rows, table.rows, &rows)) fail("an impossible number of rows");
    manifest.tables.push_back(std::move(table));
  }
  const simdjson::dom::array warnings = object.at_key("warnings").get_array();
  for (const Element item : warnings) manifest.warnings.emplace_back(item.get_string().value());
  return manifest;
}

}  // namespace

std::uint64_t Manifest::rowCount() const {
  std::uint64_t rows = 0;
  for (const ManifestTable& table : tables) rows += table.rows;
  return rows;
}

std::uint64_t Manifest::tablesStored() const {
  std::uint64_t count = 0;
  for (const ManifestTable& table : tables) count += table.error.empty() ? 1 : 0;
  return count;
}

const ManifestTable* Manifest::find(std::string_view table) const {
  const auto it = std::find_if(tables.begin(), tables.end(), [&](const auto& t) { return t.name == table; });
  return it == tables.end() ? nullptr : &*it;
}

Bytes encodeManifest(const Manifest& manifest) {
  nlohmann::ordered_json tables = nlohmann::ordered_json::array();
  for (const ManifestTable& table : manifest.tables) {
    nlohmann::ordered_json item = {
        {"name", table.name},     {"file", table.file},
        {"engine", table.engine}, {"form", kForms[static_cast<std::size_t>(table.form)]},
        {"rows", table.rows},     {"bytes", table.bytes}};
    if (!table.error.empty()) item["error"] = table.error;
    tables.push_back(std::move(item));
  }
  nlohmann::ordered_json json = {{"format", Manifest::kFormat},
                                 {"database", manifest.database},
                                 {"instant", formatRfc3339(manifest.instant)},
                                 {"server_version", manifest.server_version},
                                 {"server_comment", manifest.server_comment},
                                 {"lower_case_names", manifest.lower_case_names},
                                 {"character_set", manifest.character_set},
                                 {"collation", manifest.collation},
                                 {"binlog_file", manifest.binlog_file},
                                 {"binlog_position", manifest.binlog_position},
                                 {"gtid_position", manifest.gtid_position},
                                 {"lock_seconds", manifest.lock_seconds},
                                 {"lock_method", manifest.lock_method},
                                 {"lock_attempts", manifest.lock_attempts},
                                 {"lock_wait_seconds", manifest.lock_wait_seconds},
                                 {"views", manifest.views},
                                 {"triggers", manifest.triggers},
                                 {"routines", manifest.routines},
                                 {"events", manifest.events},
                                 {"tables", std::move(tables)},
                                 {"warnings", manifest.warnings}};
  if (!manifest.broken_views.empty()) json["broken_views"] = manifest.broken_views;
  std::string text = json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  text += '\n';
  return toBytes(asBytes(text));
}

Manifest decodeManifest(ByteView json) {
  try {
    if (json.empty()) throw simdjson::simdjson_error(simdjson::EMPTY);
    simdjson::dom::parser parser;
    const Object object =
        parser.parse(reinterpret_cast<const char*>(json.data()), json.size()).get_object().value();
    return readManifest(object);
  } catch (const simdjson::simdjson_error& e) {
    fail(e.what());
  }
}

}  // namespace enamel::mariadb
