#include <sys/stat.h>

// toml++ 3.3 asserts, and with Clang even assumes, things about the text that a hostile one breaks ("[[[").
// Behind each assertion stands code that refuses such a text; so neither may be. (With NDEBUG it would
// replace TOML_ASSERT by assumptions; this is the only file that sees its code.)
#undef NDEBUG
#define TOML_ASSERT(condition) static_cast<void>(0)
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/letter_case.h"
#include "base/printable.h"
#include "service/config.h"
#include "service/config_fields.h"

namespace enamel::service {
namespace {

constexpr std::size_t kListMax = 1000;
constexpr std::size_t kKeyShownMax = 100;

struct Reader {
  Reader(const toml::table& root_table, std::string file_name)
      : root(root_table), name(std::move(file_name)) {}

  const toml::table& root;
  const std::string name;
  std::string section_name;
  const toml::table* table = nullptr;                      // of that section; nullptr: not in the file
  std::map<std::string, std::string> keys;                 // section -> its keys, for hints
  std::map<std::string, toml::source_position> positions;  // of "section.key" that are in the file
  std::vector<std::pair<std::string, std::string>>
      secrets;  // "section.key" and path of files not for everybody
  std::vector<std::pair<std::string, std::string>> publics;  // and of others

  [[noreturn]] void fail(const toml::source_position& at, const std::string& key, const Complaint& complaint,
                         ErrorCode code = ErrorCode::kUsage) const {
    // A key that is not in the file has no line.
    const std::string where = at ? ":" + std::to_string(at.line) + ":" + std::to_string(at.column) : "";
    throw Error(code, name + where + ": " + key + " " + complaint.what, complaint.hint);
  }
  [[noreturn]] void fail(const std::string& key, const Complaint& complaint,
                         ErrorCode code = ErrorCode::kUsage) const {
    const auto at = positions.find(key);
    fail(at == positions.end() ? toml::source_position{} : at->second, key, complaint, code);
  }

  void section(const char* dotted, const char*) {
    section_name = dotted;
    keys[section_name];
    const toml::node* node = root.at_path(dotted).node();
    table = node == nullptr ? nullptr : node->as_table();
    if (node != nullptr && table == nullptr)
      fail(node->source().begin, section_name,
           {"must be a section", "write it as a line [" + section_name + "] with its keys below"});
  }

  // The key's node, noted as known; nullptr if it is not in the file.
  const toml::node* find(const ConfigField& field) {
    std::string& known = keys[section_name];
    known += (known.empty() ? "" : ", ") + std::string(field.key);
    const toml::node* node = table == nullptr ? nullptr : table->get(field.key);
    if (node != nullptr) positions[dotted(field)] = node->source().begin;
    return node;
  }
  std::string dotted(const ConfigField& field) const { return section_name + "." + field.key; }

  std::string textOf(const ConfigField& field, const toml::node& node, const std::string& expected) const {
    const auto value = node.value_exact<std::string>();
    if (!value) fail(node.source().begin, dotted(field), {"must be " + expected, ""});
    const Complaint complaint = complaintOf(field.rule, *value);
    if (!complaint.what.empty()) fail(node.source().begin, dotted(field), complaint);
    return *value;
  }

  std::vector<std::string> textsOf(const ConfigField& field, const toml::node& node) const {
    const toml::array* array = node.as_array();
    if (array == nullptr || array->size() > kListMax)
      fail(node.source().begin, dotted(field), {"must be a list of texts", R"(write it as ["...", "..."])"});
    std::vector<std::string> texts;
    for (const toml::node& element : *array) {
      texts.push_back(textOf(field, element, R"(a list of texts: ["...", "..."])"));
      if (texts.back().empty()) fail(element.source().begin, dotted(field), {"holds an empty text", ""});
    }
    return texts;
  }

  void field(const ConfigField& field, std::string& member) {
    const toml::node* node = find(field);
    if (node == nullptr) return;
    member = textOf(field, *node, R"(a text in quotes: "...")");
    if (member.empty()) return;
    if (field.rule == TextRule::kSecretFile) secrets.emplace_back(dotted(field), member);
    if (field.rule == TextRule::kPublicFile) publics.emplace_back(dotted(field), member);
  }

  void field(const ConfigField& field, std::vector<std::string>& member) {
    if (const toml::node* node = find(field)) member = textsOf(field, *node);
  }

  void field(const ConfigField& field, bool& member) {
    const toml::node* node = find(field);
    if (node == nullptr) return;
    const auto value = node->value_exact<bool>();
    if (!value) fail(node->source().begin, dotted(field), {"must be true or false", ""});
    member = *value;
  }

  void field(const ConfigField& field, std::uint32_t& member) {
    const toml::node* node = find(field);
    if (node == nullptr) return;
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < field.min || *value > field.max)
      fail(node->source().begin, dotted(field),
           {"must be a whole number from " + std::to_string(field.min) + " to " + std::to_string(field.max),
            ""});
    member = static_cast<std::uint32_t>(*value);
  }

  void field(const ConfigField& field, std::vector<TimeOfDay>& member) {
    const toml::node* node = find(field);
    if (node == nullptr) return;
    member.clear();
    for (const std::string& text : textsOf(field, *node)) {
      const auto time = TimeOfDay::parse(text);
      if (!time || member.size() >= kTimesMax)
        fail(node->source().begin, dotted(field),
             {"must be a list of at most " + std::to_string(kTimesMax) + " times of day",
              R"(write it as ["07:30", "20:00"])"});
      member.push_back(*time);
    }
  }

  void field(const ConfigField& field, std::array<bool, 7>& member) {
    const toml::node* node = find(field);
    if (node == nullptr) return;
    member = {};
    for (const std::string& text : textsOf(field, *node)) {
      const auto day = std::find(kDayNames.begin(), kDayNames.end(), text);
      if (day == kDayNames.end())
        fail(node->source().begin, dotted(field),
             {"must be a list of days", R"(write it as ["monday", "friday"])"});
      member[static_cast<std::size_t>(day - kDayNames.begin())] = true;
    }
    if (std::find(member.begin(), member.end(), true) == member.end())
      fail(node->source().begin, dotted(field),
           {"must name at least one day", "to let nothing run by itself, leave the list of times empty"});
  }

  void field(const ConfigField& field, std::optional<QuietHours>& member) {
    const toml::node* node = find(field);
    if (node == nullptr) return;
    const std::string text = textOf(field, *node, R"(a text: "22:00-06:00")");
    member.reset();
    if (text.empty()) return;
    const auto from = TimeOfDay::parse(std::string_view(text).substr(0, 5));
    const auto to = TimeOfDay::parse(text.size() == 11 ? std::string_view(text).substr(6) : "");
    if (!from || !to || text[5] != '-' || from == to)
      fail(node->source().begin, dotted(field),
           {"must be two different times of day", R"(write it as "22:00-06:00")"});
    member = QuietHours{.from = *from, .to = *to};
  }

  // Calls itself for sections in sections: "alerts", then "alerts.smtp".
  void refuseUnknown(const toml::table& in, const std::string& prefix) const {
    for (auto&& [key, node] : in) {
      const std::string path = prefix + std::string(key.str());
      // A key in quotes may hold a dot, and look like a key in a section, or like a section in another.
      if (key.str().find('.') != std::string_view::npos)
        refuse(key.source().begin, key.str(), prefix.substr(0, prefix.find_last_of('.')));
      if (positions.count(path) != 0) continue;
      if (const toml::table* section_table = node.as_table();
          section_table != nullptr && keys.count(path) != 0)
        refuseUnknown(*section_table, path + ".");
      else
        refuse(key.source().begin, key.str(), prefix.substr(0, prefix.find_last_of('.')));
    }
  }

  [[noreturn]] void refuse(const toml::source_position& at, std::string_view key,
                           const std::string& in) const {
    const std::string shown = "'" + printable(key.substr(0, kKeyShownMax)) + "'";
    for (const char* word : {"PASS", "SECRET", "TOKEN", "PWD"})
      if (upperCase(key).find(word) != std::string::npos)
        fail(at, shown,
             {"is no key: secrets do not belong in this file",
              "write it into a file of its own that only the service may read (chmod 600), and name that "
              "file in a password_file key"});
    std::string known;
    if (const auto section_keys = keys.find(in); section_keys != keys.end()) known = section_keys->second;
    if (in.empty())
      for (const auto& [section_of, of] : keys) known += (known.empty() ? "" : ", ") + section_of;
    fail(at, shown, {in.empty() ? "is no section" : "is no key of [" + in + "]", "there are: " + known});
  }
};

// toml++ quotes a few characters of the text in its message; they may be of a password.
std::string descriptionOf(const toml::parse_error& error) {
  const std::string_view text = error.description();
  return printable(text.substr(0, text.find(", saw ")));
}

toml::table parseToml(std::string_view text, const std::string& name) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    throw Error(
        ErrorCode::kUsage,
        name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + descriptionOf(error),
        "the file is in the form described at https://toml.io: texts stand in quotes");
  }
}

Config read(Reader& reader) {
  Config config;
  visitConfig(config, reader);
  reader.refuseUnknown(reader.root, "");
  checkTogether(config,
                [&](const std::string& key, const Complaint& complaint) { reader.fail(key, complaint); });
  return config;
}

void checkFiles(const Reader& reader) {
  struct stat st {};
  for (const auto* files : {&reader.secrets, &reader.publics}) {
    for (const auto& [key, path] : *files) {
      // The path is not shown: somebody may have written a password that begins with a slash.
      if (::stat(path.c_str(), &st) != 0) {
        const int error_number = errno;
        reader.fail(
            key,
            {"names a file that cannot be looked at: " + std::generic_category().message(error_number),
             "check the name, and that the service's user may enter its folder"},
            error_number == ENOENT ? ErrorCode::kNotFound : ErrorCode::kPermission);
      }
      if (!S_ISREG(st.st_mode)) reader.fail(key, {"names something that is no file", ""});
      if (files == &reader.secrets && (st.st_mode & S_IRWXO) != 0)
        reader.fail(
            key, {"names a file that every user of this computer may read or change", "chmod 600 that file"},
            ErrorCode::kPermission);
    }
  }
}

}  // namespace

Config parseConfig(std::string_view text, const std::string& name) {
  const toml::table root = parseToml(text, name);
  Reader reader(root, name);
  return read(reader);
}

Config loadConfig(const std::filesystem::path& path) {
  const Bytes bytes = readFile(path, kConfigBytesMax);
  struct stat st {};
  if (::stat(path.c_str(), &st) != 0) throw systemError("configuration " + path.string(), errno);
  if ((st.st_mode & S_IWOTH) != 0)
    throw Error(ErrorCode::kPermission,
                "every user of this computer may change the configuration " + path.string(),
                "chmod 640 that file");
  const toml::table root = parseToml(asText(bytes), path.string());
  Reader reader(root, path.string());
  Config config = read(reader);
  checkFiles(reader);
  return config;
}

}  // namespace enamel::service
