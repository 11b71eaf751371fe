#include <fmt/format.h>

#include <sstream>

#include "base/error.h"
#include "base/file.h"
#include "service/config.h"
#include "service/config_fields.h"
#include "service/config_texts.h"

namespace enamel::service {
namespace {

constexpr std::size_t kCommentColumnsMax = 100;

std::string commentLines(const std::string& text) {
  std::istringstream words(text);
  std::string lines, line = "#", word;
  while (words >> word) {
    if (line.size() + 1 + word.size() > kCommentColumnsMax) lines += std::exchange(line, "#") + "\n";
    line += " " + word;
  }
  return lines + line + "\n";
}

// A basic string of TOML. Control characters, which would need more, are refused when the text is read back.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string toml(const std::string& value) {
  return quoted(value);
}

std::string toml(bool value) {
  return value ? "true" : "false";
}

std::string toml(std::uint32_t value) {
  return std::to_string(value);
}

std::string toml(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) out += (out.empty() ? "" : ", ") + quoted(value);
  return "[" + out + "]";
}

std::string toml(const std::vector<TimeOfDay>& times) {
  return toml(textsOf(times));
}

std::string toml(const std::array<bool, 7>& days) {
  return toml(textsOf(days));
}

std::string toml(const std::optional<QuietHours>& quiet) {
  return quoted(textOf(quiet));
}

struct Writer {
  std::string text =
      "# The configuration of `enamel serve`. Keys that are left out have the values that a new file has.\n"
      "# Passwords do not belong here: name the files that hold them.\n";

  void section(const char* name, const char* comment) {
    text += fmt::format("\n{}[{}]\n", commentLines(comment), name);
  }
  void field(const ConfigField& field, const auto& value) {
    text += commentLines(field.comment) + fmt::format("{} = {}\n", field.key, toml(value));
  }
};

}  // namespace

std::string commentedText(const Config& config) {
  Writer writer;
  visitConfig(config, writer);
  return std::move(writer.text);
}

std::string commentedConfig(const Config& config) {
  std::string text = commentedText(config);
  if (parseConfig(text, "configuration") != config)
    throw Error(ErrorCode::kUsage, "the configuration would be another one when it is read again");
  return text;
}

void writeCommented(const Config& config, const std::filesystem::path& path) {
  const std::string text = commentedConfig(config);
  const ByteView part = asBytes(text);
  writeFileDurably(path, std::span(&part, 1), 0640);
}

}  // namespace enamel::service
