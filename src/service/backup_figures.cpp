#include "service/backup_figures.h"

#include <nlohmann/json.hpp>

#include "service/health.h"

namespace enamel::service {
namespace {

using nlohmann::json;

std::uint64_t countOf(const json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

double secondsOf(const json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_number() ? found->get<double>() : 0;
}

std::string textOf(const json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<ImageFigures> imagesOf(const json& result) {
  const auto images = result.find("images");
  if (images == result.end() || !images->is_object()) return std::nullopt;
  return ImageFigures{.files_new = countOf(*images, "files_new"),
                      .files_changed = countOf(*images, "files_changed"),
                      .files_unmodified = countOf(*images, "files_unmodified"),
                      .files_rewritten = countOf(*images, "files_rewritten"),
                      .scrambled_new = countOf(*images, "scrambled_new"),
                      .scrambled_rewritten = countOf(*images, "scrambled_rewritten")};
}

}  // namespace

std::optional<BackupFigures> figuresOf(const Run& run, std::string_view result) {
  if (run.request.kind != RunKind::kBackup ||
      (run.state != RunState::kDone && run.state != RunState::kIncomplete))
    return std::nullopt;
  const json object = json::parse(result, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  BackupFigures figures{.run = run.id,
                        .complete = run.state == RunState::kDone,
                        .begin = beginOf(run),
                        .seconds = secondsOf(object, "total_duration"),
                        .lock_seconds = secondsOf(object, "lock_seconds"),
                        .snapshot = textOf(object, "snapshot_id"),
                        .parent = textOf(object, "parent"),
                        .files = countOf(object, "total_files_processed"),
                        .data_bytes = countOf(object, "total_bytes_processed"),
                        .added_bytes = countOf(object, "data_added"),
                        .stored_bytes = countOf(object, "data_added_packed"),
                        .images = imagesOf(object),
                        .fewer_rows = {}};
  const auto tables = object.find("fewer_rows");
  if (tables == object.end() || !tables->is_array()) return figures;
  for (const json& table : *tables)
    if (table.is_object())
      figures.fewer_rows.push_back({.name = textOf(table, "table"),
                                    .rows_before = countOf(table, "rows_before"),
                                    .rows = countOf(table, "rows")});
  return figures;
}

}  // namespace enamel::service
