#include "service/settings_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/printable.h"
#include "http/problem.h"
#include "jobs/result_json.h"
#include "service/config_fields.h"
#include "service/config_texts.h"

namespace enamel::service {
namespace {

using http::Problem;
using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t kKeyShownMax = 40;

bool isSecret(const ConfigField& field) {
  return field.is_secret || field.rule == TextRule::kSecretFile;
}

// "password_set" of "password_file"; "webhook_url_set" of both "webhook_url" and "webhook_url_file".
std::string toldName(const ConfigField& field) {
  constexpr std::string_view kFile = "_file";
  std::string key = field.key;
  if (key.size() > kFile.size() && key.compare(key.size() - kFile.size(), kFile.size(), kFile) == 0)
    key.erase(key.size() - kFile.size());
  return key + "_set";
}

// The value at "alerts.smtp", made where it is not there.
ordered_json& sectionOf(ordered_json& root, const std::string& dotted) {
  const std::size_t dot = dotted.find('.');
  ordered_json& part = root[dotted.substr(0, dot)];
  if (part.is_null()) part = ordered_json::object();
  return dot == std::string::npos ? part : sectionOf(part, dotted.substr(dot + 1));
}

// Looks up the same; nullptr where it is not there.
const json* findSection(const json& root, const std::string& dotted) {
  const std::size_t dot = dotted.find('.');
  const std::string first = dotted.substr(0, dot);
  const auto found = root.find(first);
  if (found == root.end()) return nullptr;
  if (!found->is_object()) throw Problem(400, first + " has to be an object", "malformed");
  return dot == std::string::npos ? &*found : findSection(*found, dotted.substr(dot + 1));
}

struct Writer {
  ordered_json root = ordered_json::object();
  ordered_json* in = nullptr;

  void section(const char* name, const char*) { in = &sectionOf(root, name); }

  void field(const ConfigField& field, const std::string& value) {
    if (!isSecret(field)) {
      (*in)[field.key] = value;
      return;
    }
    ordered_json& told = (*in)[toldName(field)];
    told = (told.is_boolean() && told.get<bool>()) || !value.empty();
  }
  void field(const ConfigField& field, const std::vector<std::string>& value) { (*in)[field.key] = value; }
  void field(const ConfigField& field, bool value) { (*in)[field.key] = value; }
  void field(const ConfigField& field, std::uint32_t value) { (*in)[field.key] = value; }
  void field(const ConfigField& field, const std::vector<TimeOfDay>& value) {
    (*in)[field.key] = textsOf(value);
  }
  void field(const ConfigField& field, const std::array<bool, 7>& value) {
    (*in)[field.key] = textsOf(value);
  }
  void field(const ConfigField& field, const std::optional<QuietHours>& value) {
    (*in)[field.key] = textOf(value);
  }
};

struct Reader {
  Reader(const json& root_object, const ordered_json& as_it_is) : root(root_object), told(as_it_is) {}

  const json& root;
  const ordered_json told;
  std::string name;          // of the section
  const json* in = nullptr;  // the section; nullptr: not there
  std::set<std::string> known;

  [[noreturn]] static void refuse(const std::string& key, const std::string& what,
                                  const std::string& hint = {}) {
    throw Problem(400, key + " " + what, "malformed", hint);
  }

  void section(const char* dotted, const char*) {
    name = dotted;
    in = findSection(root, name);
    known.insert(name);
  }
  std::string dotted(const std::string& key) const { return name + "." + key; }
  const json* find(const ConfigField& field) {
    known.insert(dotted(field.key));
    if (in == nullptr) return nullptr;
    const auto found = in->find(field.key);
    return found == in->end() ? nullptr : &*found;
  }

  std::string textOf(const ConfigField& field, const json& value) const {
    if (!value.is_string()) refuse(dotted(field.key), "has to be a text");
    const std::string& text = value.get_ref<const std::string&>();
    const Complaint complaint = complaintOf(field.rule, text);
    if (!complaint.what.empty()) refuse(dotted(field.key), complaint.what, complaint.hint);
    return text;
  }
  std::vector<std::string> textsOf(const ConfigField& field, const json& value) const {
    if (!value.is_array()) refuse(dotted(field.key), "has to be a list of texts");
    std::vector<std::string> texts;
    for (const json& text : value) texts.push_back(textOf(field, text));
    return texts;
  }

  void secret(const ConfigField& field) {
    const std::string key = toldName(field);
    known.insert(dotted(key));
    if (in == nullptr || !in->contains(key)) return;
    std::string place = "/" + dotted(key);
    std::replace(place.begin(), place.end(), '.', '/');
    if ((*in)[key] != json(told.at(ordered_json::json_pointer(place))))
      refuse(dotted(key), "only tells whether there is one", "set secrets with PUT /api/v1/secrets/NAME");
  }

  void field(const ConfigField& field, std::string& member) {
    if (isSecret(field)) return secret(field);
    if (const json* value = find(field)) member = textOf(field, *value);
  }
  void field(const ConfigField& field, std::vector<std::string>& member) {
    if (const json* value = find(field)) member = textsOf(field, *value);
  }
  void field(const ConfigField& field, bool& member) {
    const json* value = find(field);
    if (value == nullptr) return;
    if (!value->is_boolean()) refuse(dotted(field.key), "has to be true or false");
    member = value->get<bool>();
  }
  void field(const ConfigField& field, std::uint32_t& member) {
    const json* value = find(field);
    if (value == nullptr) return;
    if (!value->is_number_unsigned() || value->get<std::uint64_t>() < field.min ||
        value->get<std::uint64_t>() > field.max)
      refuse(dotted(field.key), "has to be a whole number from " + std::to_string(field.min) + " to " +
                                    std::to_string(field.max));
    member = value->get<std::uint32_t>();
  }
  void field(const ConfigField& field, std::vector<TimeOfDay>& member) {
    const json* value = find(field);
    if (value == nullptr) return;
    const auto times = timesOf(textsOf(field, *value));
    if (!times)
      refuse(dotted(field.key), "has to be a list of at most " + std::to_string(kTimesMax) + " times of day",
             R"(write it as ["07:30", "20:00"])");
    member = *times;
  }
  void field(const ConfigField& field, std::array<bool, 7>& member) {
    const json* value = find(field);
    if (value == nullptr) return;
    const auto days = daysOf(textsOf(field, *value));
    if (!days)
      refuse(dotted(field.key), "has to be a list of at least one day",
             R"(write it as ["monday", "friday"])");
    member = *days;
  }
  void field(const ConfigField& field, std::optional<QuietHours>& member) {
    const json* value = find(field);
    if (value == nullptr) return;
    const std::string text = textOf(field, *value);
    member = quietHoursOf(text);
    if (!member && !text.empty())
      refuse(dotted(field.key), "has to be two different times of day", R"(write it as "22:00-06:00")");
  }

  void refuseUnknown(const json& object, const std::string& prefix) const {
    for (const auto& [key, value] : object.items()) {
      const std::string path = prefix + key;
      if (key.find('.') != std::string::npos || known.count(path) == 0)
        refuse("'" + printable(path.substr(0, kKeyShownMax)) + "'", "is no setting");
      if (value.is_object()) refuseUnknown(value, path + ".");
    }
  }
};

}  // namespace

ordered_json settingsJson(const Config& config) {
  Writer writer;
  visitConfig(config, writer);
  return std::move(writer.root);
}

void applySettings(const json& body, Config& config) {
  Reader reader(body, settingsJson(config));
  Config changed = config;
  visitConfig(changed, reader);
  reader.refuseUnknown(body, "");
  config = std::move(changed);
}

namespace {

void compare(const ordered_json& before, const ordered_json& after, const std::string& prefix,
             std::string& text) {
  for (const auto& [key, value] : after.items()) {
    const ordered_json& old = before.at(key);
    if (value.is_object())
      compare(old, value, prefix + key + ".", text);
    else if (old != value)
      text += (text.empty() ? "" : "; ") + prefix + key + ": " + jobs::jsonText(old) + " -> " +
              jobs::jsonText(value);
  }
}

}  // namespace

std::string changesBetween(const Config& before, const Config& after) {
  std::string text;
  compare(settingsJson(before), settingsJson(after), "", text);
  return text;
}

}  // namespace enamel::service
