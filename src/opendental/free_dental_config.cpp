#include "opendental/free_dental_config.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/file.h"
#include "base/trim.h"
#include "crypto/secret.h"
#include "opendental/utf16.h"

namespace enamel::opendental {
namespace {

constexpr std::size_t kFileBytesMax = 1U << 20;
constexpr std::size_t kValueBytesMax = 255;

Error corrupt(const std::string& what) {
  return Error(
      ErrorCode::kCorrupt, "this is no FreeDentalConfig.xml of Open Dental: " + what,
      "the file is in Open Dental's program folder on a workstation; open Open Dental there once, or "
      "type the connection yourself");
}

Error unsupported(const std::string& what) {
  return Error(ErrorCode::kUnsupported, "this FreeDentalConfig.xml names no MySQL or MariaDB server: " + what,
               "take the file of a workstation that connects to the server directly, or type the connection "
               "yourself");
}

void requireText(ByteView content) {
  if (content.size() > kFileBytesMax) {
    throw Error(ErrorCode::kLimit, "a FreeDentalConfig.xml of more than 1 MiB is not read");
  }
  const std::string_view text = asText(content);
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    throw corrupt("it is UTF-16, where Open Dental writes UTF-8");
  }
  if (!isUtf8(text) || text.find('\0') != std::string_view::npos) throw corrupt("it is not UTF-8");
}

void requireElementsOnly(const pugi::xml_document& document) {
  for (const pugi::xml_node node : document.children()) {
    if (node.type() == pugi::node_doctype) throw corrupt("it declares a document type");
  }
}

// The text of an element, which may come in pieces (CDATA); nullopt if there is no such element.
std::optional<std::string> textOf(const pugi::xml_node& parent, const char* name) {
  const pugi::xml_node element = parent.child(name);
  if (!element) return std::nullopt;
  std::string text;
  for (const pugi::xml_node piece : element.children()) {
    const bool is_text = piece.type() == pugi::node_pcdata || piece.type() == pugi::node_cdata;
    if (!is_text) throw corrupt(std::string("its element ") + name + " holds elements");
    text += piece.value();
  }
  if (text.size() > kValueBytesMax) throw corrupt(std::string("its element ") + name + " is too long");
  return text;
}

std::string requiredText(const pugi::xml_node& parent, const char* name) {
  std::string text(trimmed(textOf(parent, name).value_or("")));
  if (text.empty()) throw corrupt(std::string("its element ") + name + " is missing or empty");
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
    throw corrupt(std::string("its element ") + name + " holds control characters");
  }
  return text;
}

pugi::xml_node connectionOf(const pugi::xml_document& document) {
  const pugi::xml_node settings = document.child("ConnectionSettings");
  if (!settings) throw corrupt("it has no element ConnectionSettings");
  const pugi::xml_node connection = settings.child("DatabaseConnection");
  if (settings.child("ConnectionString") || connection.child("ConnectionString")) {
    throw unsupported("it holds a connection string");
  }
  if (connection) return connection;
  if (settings.child("ServerConnection")) throw unsupported("it connects to a Middle Tier server");
  throw corrupt("it has no element DatabaseConnection");
}

// "SERVER" or "SERVER:3307"; a text with more colons is an IPv6 address.
void setServer(mariadb::Address& address, const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || text.find(':', colon + 1) != std::string::npos) {
    address.host = text;
    return;
  }
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (error != std::errc() || stop != end || address.port == 0) throw corrupt("its port is no number");
  address.host = text.substr(0, colon);
  if (address.host.empty()) throw corrupt("its element ComputerName names a port only");
}

FreeDentalConfig parse(MutableByteView content) {
  requireText(content);
  pugi::xml_document document;
  // In place and as UTF-8: the document's strings lie in content and nowhere else.
  const pugi::xml_parse_result parsed = document.load_buffer_inplace(
      content.data(), content.size(), pugi::parse_default | pugi::parse_doctype, pugi::encoding_utf8);
  if (!parsed) throw corrupt(std::string("it is not XML (") + parsed.description() + ")");
  requireElementsOnly(document);
  const pugi::xml_node connection = connectionOf(document);
  const std::string type(trimmed(textOf(connection, "DatabaseType").value_or("MySql")));
  if (type != "MySql" && !type.empty()) throw unsupported("its database is of another type");
  FreeDentalConfig config;
  setServer(config.address, requiredText(connection, "ComputerName"));
  config.address.database = requiredText(connection, "Database");
  config.address.user = requiredText(connection, "User");
  config.address.password = textOf(connection, "Password").value_or("");
  config.password_obfuscated =
      config.address.password.empty() && !textOf(connection, "MySQLPassHash").value_or("").empty();
  return config;
}

// Overwrites bytes whatever happens meanwhile.
class Wiping {
 public:
  explicit Wiping(MutableByteView bytes) : bytes_(bytes) {}
  Wiping(const Wiping&) = delete;
  Wiping& operator=(const Wiping&) = delete;
  ~Wiping() { crypto::wipe(bytes_); }

 private:
  MutableByteView bytes_;
};

}  // namespace

FreeDentalConfig parseFreeDentalConfig(MutableByteView content) {
  const Wiping wiping(content);
  return parse(content);
}

FreeDentalConfig readFreeDentalConfig(const std::filesystem::path& path) {
  Bytes content = readFile(path, kFileBytesMax);
  try {
    return parseFreeDentalConfig(content);
  } catch (Error& error) {
    error.addContext(path.string());
    throw;
  }
}

}  // namespace enamel::opendental
