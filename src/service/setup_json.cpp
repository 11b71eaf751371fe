#include "service/setup_json.h"

#include <nlohmann/json.hpp>

#include "jobs/probe_database.h"
#include "jobs/probe_destination.h"
#include "jobs/probe_images.h"

namespace enamel::service {
namespace {

using nlohmann::ordered_json;

ordered_json problemsJson(const std::vector<jobs::ProbeProblem>& problems) {
  ordered_json array = ordered_json::array();
  for (const jobs::ProbeProblem& problem : problems)
    array.push_back({{"code", problem.code}, {"message", problem.message}, {"hint", problem.hint}});
  return array;
}

}  // namespace

ordered_json probeJson(const jobs::DatabaseProbe& probe) {
  ordered_json engines = ordered_json::object();
  for (const auto& [engine, count] : probe.engines) engines[engine] = count;
  return {
      {"reachable", probe.reachable},
      {"readable", probe.readable},
      {"server_version", probe.server_version},
      {"practices", probe.practices},
      {"practice_title", probe.practice_title},
      {"program_version", probe.program_version},
      {"database_version", probe.database_version},
      {"tables", probe.tables},
      {"bytes", probe.bytes},
      {"engines", std::move(engines)},
      {"data_folder",
       {{"found", probe.data_folder_found}, {"path", probe.data_folder}, {"reason", probe.data_folder_why}}},
      {"doc_path", probe.doc_path ? ordered_json(*probe.doc_path) : ordered_json(nullptr)},
      {"local_path_candidates", probe.local_path_candidates},
      {"missing_grants", probe.missing_grants},
      {"problems", problemsJson(probe.problems)}};
}

ordered_json probeJson(const jobs::ImagesProbe& probe) {
  return {{"exists", probe.exists},
          {"readable", probe.readable},
          {"files_sampled", probe.files_sampled},
          {"bytes_sampled", probe.bytes_sampled},
          {"documents_checked", probe.documents_checked},
          {"documents_found", probe.documents_found},
          {"problems", problemsJson(probe.problems)}};
}

ordered_json probeJson(const jobs::DestinationProbe& probe) {
  return {{"exists", probe.exists},
          {"empty", probe.empty},
          {"is_repository", probe.is_repository},
          {"writable", probe.writable},
          {"free", probe.free},
          {"total", probe.total},
          {"write_mb_s", probe.write_mb_s ? ordered_json(*probe.write_mb_s) : ordered_json(nullptr)},
          {"same_disk_as_data", probe.same_disk_as_data},
          {"problems", problemsJson(probe.problems)}};
}

}  // namespace enamel::service
