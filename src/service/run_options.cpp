#include "service/run_options.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "jobs/result_json.h"
#include "service/runs.h"

namespace enamel::service {
namespace {

using nlohmann::json;

constexpr std::uint64_t kReadImagesMax = 100'000'000;  // as in the configuration
constexpr std::size_t kListMax = 1000;
constexpr std::size_t kTextBytesMax = 4096;

// The one list of which member belongs to which kind; calls visitor(name, member).
template <class Options, class Visitor>
void visitOptions(RunKind kind, Options& options, Visitor visit) {
  switch (kind) {
    case RunKind::kBackup:
      visit("database", options.database);
      visit("images", options.images);
      break;
    case RunKind::kDrill:
      visit("snapshot", options.snapshot);
      visit("read_images", options.read_images);
      break;
    case RunKind::kCheck:
      visit("read_data", options.read_data);
      break;
    case RunKind::kForget:
      visit("snapshots", options.snapshots);
      visit("dry_run", options.dry_run);
      break;
    case RunKind::kPrune:
      visit("dry_run", options.dry_run);
      break;
    case RunKind::kRestore:
      visit("snapshot", options.snapshot);
      visit("database_as", options.database_as);
      visit("images_to", options.images_to);
      visit("files_to", options.files_to);
      visit("only", options.only);
      visit("doc_path", options.doc_path);
      break;
    case RunKind::kGoLive:
      visit("database", options.copy);
      visit("confirm", options.confirm);
      break;
    case RunKind::kUndo:
      visit("run", options.run);
      visit("aside", options.aside);
      visit("confirm", options.confirm);
      break;
    case RunKind::kRemoval:
      break;
  }
}

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  throw Error(ErrorCode::kUsage, "option " + name + " " + what);
}

void read(const std::string& name, const json& value, bool& member) {
  if (!value.is_boolean()) refuse(name, "must be true or false");
  member = value.get<bool>();
}

void read(const std::string& name, const json& value, std::uint64_t& member) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kReadImagesMax)
    refuse(name, "must be a number from 0 to " + std::to_string(kReadImagesMax));
  member = value.get<std::uint64_t>();
}

void read(const std::string& name, const json& value, std::string& member) {
  if (!value.is_string()) refuse(name, "must be a text");
  member = value.get<std::string>();
  if (member.size() > kTextBytesMax) refuse(name, "is too long");
  if (member.find('\0') != std::string::npos) refuse(name, "holds a NUL");
}

void read(const std::string& name, const json& value, std::vector<std::string>& member) {
  if (!value.is_array() || value.size() > kListMax)
    refuse(name, "must be a list of at most " + std::to_string(kListMax) + " texts");
  member.clear();
  for (const json& text : value) read(name, text, member.emplace_back());
}

}  // namespace

RunOptions parseRunOptions(RunKind kind, std::string_view text) {
  if (text.size() > Runs::kOptionsBytesMax)
    throw Error(ErrorCode::kLimit, "the options of a run are longer than 64 KiB");
  json object = json::parse(text, nullptr, false);
  if (!object.is_object()) throw Error(ErrorCode::kUsage, "the options of a run must be a JSON object");
  RunOptions options;
  visitOptions(kind, options, [&](const char* name, auto& member) {
    const auto found = object.find(name);
    if (found == object.end()) return;
    read(name, *found, member);
    object.erase(found);
  });
  if (!object.empty())
    refuse("\"" + object.begin().key().substr(0, 40) + "\"",
           "is none of a " + std::string(name(kind)) + "'s");
  if (kind == RunKind::kBackup && !options.database && !options.images)
    throw Error(ErrorCode::kUsage, "a backup of neither database nor images is none");
  if (kind == RunKind::kRestore && options.database_as.empty() && options.images_to.empty() &&
      options.files_to.empty())
    throw Error(ErrorCode::kUsage, "a restore must say where to", "name database_as, images_to or files_to");
  if (kind == RunKind::kRestore && !options.doc_path.empty() && options.database_as.empty())
    throw Error(ErrorCode::kUsage, "doc_path is set in a restored database, and none is restored",
                "name database_as");
  if (kind == RunKind::kGoLive && options.copy.empty())
    throw Error(ErrorCode::kUsage, "database must name the copy that is to be live");
  return options;
}

std::string formatRunOptions(RunKind kind, const RunOptions& options) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  visitOptions(kind, options, [&](const char* name, const auto& member) { object[name] = member; });
  return jobs::jsonText(object);
}

}  // namespace enamel::service
