#include "cli/run_words.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/error.h"
#include "base/printable.h"
#include "base/progress.h"
#include "base/time.h"
#include "cli/service_client.h"
#include "cli/status.h"

namespace enamel::cli {
namespace {

using nlohmann::json;

constexpr std::chrono::milliseconds kAskEvery{500};
constexpr std::chrono::milliseconds kLookEvery{50};
constexpr int kExitIncomplete = 3;
constexpr int kExitCancelled = 130;

void take(const json& run, Progress& progress) {
  const json given = run.value("progress", json::object());
  const auto count = [&](const char* name) { return given.value(name, std::uint64_t{0}); };
  progress.bytes_done = count("bytes_done");
  progress.bytes_total = count("bytes_total");
  progress.files_done = count("files_done");
  progress.files_total = count("files_total");
  progress.tables_done = count("tables_done");
  progress.tables_total = count("tables_total");
  progress.setPhase(textOf(run, "state") == "queued" ? "waiting for another run" : textOf(given, "phase"));
  progress.setCurrent(textOf(given, "current"));
}

bool hasEnded(const json& run) {
  const std::string state = textOf(run, "state");
  return state != "queued" && state != "running";
}

}  // namespace

std::string textOf(const json& object, const char* name) {
  const auto member = object.is_object() ? object.find(name) : object.end();
  return member != object.end() && member->is_string() ? printable(member->get<std::string>())
                                                       : std::string();
}

std::string timeText(const json& time) {
  if (!time.is_string()) return "never";
  const auto parsed = parseRfc3339(time.get<std::string>());
  return parsed ? formatLocal(*parsed) : printable(time.get<std::string>());
}

std::string runWords(const json& run) {
  return textOf(run, "kind") + ", " + textOf(run, "state") + ", by " + textOf(run, "started_by") + " (run " +
         std::to_string(run.value("id", 0)) + ")";
}

json watchRun(const Context& context, ServiceClient& client, const json& run) {
  const std::string id = std::to_string(run.value("id", 0));
  json newest = run;
  Progress progress;
  take(newest, progress);
  const StatusDisplay display(context, progress);
  while (!hasEnded(newest)) {
    const auto next = std::chrono::steady_clock::now() + kAskEvery;
    while (std::chrono::steady_clock::now() < next) {
      if (context.cancel.cancelled())
        throw Error(ErrorCode::kCancelled, "no longer watching run " + id + ", which goes on",
                    "`enamel runs cancel " + id + "` stops it");
      std::this_thread::sleep_for(kLookEvery);
    }
    newest = client.get("/api/v1/runs/" + id);
    take(newest, progress);
  }
  return newest;
}

int exitCodeOf(const json& run) {
  const std::string state = textOf(run, "state");
  if (state == "done") return 0;
  if (state == "incomplete") return kExitIncomplete;
  return state == "cancelled" ? kExitCancelled : 1;
}

}  // namespace enamel::cli
