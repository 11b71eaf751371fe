// Runs: the history, what is at work, asking for one, stopping one, and the events of all.

#include <nlohmann/json.hpp>

#include "http/problem.h"
#include "jobs/result_json.h"
#include "service/api.h"
#include "service/api_json.h"
#include "service/caller.h"
#include "service/run_options.h"

namespace enamel::service {
namespace {

using http::Problem;
using http::Request;
using http::Response;
using nlohmann::ordered_json;

constexpr std::int64_t kIdMax = std::int64_t{1} << 53;  // what every JSON reader keeps exactly

// Taking backups away is for administrators; all else for whoever may back up.
void requireRight(const Request& request, RunKind kind, const RunOptions& options) {
  const bool removes = (kind == RunKind::kForget || kind == RunKind::kPrune) && !options.dry_run;
  if (removes || kind == RunKind::kRemoval) administratorOf(request);
}

std::int64_t idOf(const Request& request) {
  return numberIn(request.parameter("id"), "the run's number", 1, kIdMax);
}

Run find(const ApiParts& parts, const Request& request) {
  const auto run = parts.queue.find(idOf(request));
  if (!run) throw Problem(404, "there is no run " + request.parameter("id"), "not_found");
  return *run;
}

template <class Parsed>
auto filterBy(const Request& request, const char* name, Parsed parse) -> decltype(parse("")) {
  const std::string* const text = request.query.find(name);
  if (text == nullptr) return std::nullopt;
  const auto value = parse(*text);
  if (!value) throw Problem(400, std::string(name) + " is none that there is", "malformed");
  return value;
}

Response list(const ApiParts& parts, const Request& request) {
  const RunFilter filter{
      .kind = filterBy(request, "kind", [](const std::string& t) { return runKindOf(t); }),
      .state = filterBy(request, "state", [](const std::string& t) { return runStateOf(t); }),
      .repository = {},
      .options = {}};
  const std::int64_t limit = numberOf(request, "limit", 1, Runs::kPageMax).value_or(50);
  const auto runs =
      parts.runs.page(filter, static_cast<std::size_t>(limit), numberOf(request, "before", 1, kIdMax));
  ordered_json array = ordered_json::array();
  for (const Run& run : runs) array.push_back(runJson(run));
  const bool more = runs.size() == static_cast<std::size_t>(limit);
  return jsonResponse(
      {{"runs", array}, {"next_before", more ? ordered_json(runs.back().id) : ordered_json(nullptr)}});
}

// In the history; never what the schedule is called there.
std::string startedBy(const Principal& principal) {
  if (principal.account == "token") return "token " + principal.name;
  return principal.name == kScheduleName ? "user " + principal.name : principal.name;
}

// Asks for a run. The log says first who asks for what: nothing is done that is not on record.
Response submit(const ApiParts& parts, const Request& request, const RunRequest& asked,
                const std::string& action) {
  const Caller& caller = callerOf(request);
  parts.audit.append(
      caller.event(request, action, {}, "asked", std::string(name(asked.kind)) + " " + asked.options));
  const JobQueue::Submitted submitted = parts.queue.submit(asked, startedBy(caller.principal));
  parts.audit.append(caller.event(request, action, "run " + std::to_string(submitted.run.id),
                                  submitted.was_there ? "there already" : "done",
                                  std::string(name(asked.kind)) + " " + asked.options));
  return jsonResponse(runJson(submitted.run), submitted.was_there ? 200 : 201);
}

// Where a go_live run put the tables of the live database.
std::string asideOf(const ApiParts& parts, std::uint64_t id) {
  const auto run = parts.runs.find(static_cast<std::int64_t>(id));
  if (!run || run->request.kind != RunKind::kGoLive)
    throw Problem(404, "there is no go-live run " + std::to_string(id), "not_found");
  const nlohmann::json result = nlohmann::json::parse(parts.runs.result(run->id), nullptr, false);
  const auto aside = result.is_object() ? result.find("aside") : result.end();
  // One that was cut off: the newest is the one to take back.
  return aside == result.end() || !aside->is_string() ? std::string() : aside->get<std::string>();
}

Response start(const ApiParts& parts, const Request& request) {
  const nlohmann::json body = bodyOf(request, {"kind", "options"});
  const auto kind = runKindOf(textOf(body, "kind"));
  if (!kind) throw Problem(400, "kind is none that there is", "malformed");
  const auto given = body.find("options");
  RunOptions options = parseRunOptions(*kind, given == body.end() ? "{}" : given->dump());
  requireRight(request, *kind, options);
  if (*kind == RunKind::kUndo && options.run != 0) options.aside = asideOf(parts, options.run);
  parts.engine.require(*kind, options);
  // Which one that is is settled now, not when it is its turn or when it is resumed; a drill of "latest"
  // means the newest when it begins.
  if (*kind == RunKind::kRestore || (*kind == RunKind::kDrill && options.snapshot != "latest"))
    options.snapshot = (*parts.repository.get())->findSnapshot(options.snapshot).id.hex();
  return submit(parts, request,
                {.kind = *kind,
                 .repository = parts.settings.current()->repository.path,
                 .options = formatRunOptions(*kind, options)},
                "run.start");
}

Response resume(const ApiParts& parts, const Request& request) {
  const Run run = find(parts, request);
  const bool can_be = run.state == RunState::kInterrupted || run.state == RunState::kCancelled ||
                      run.state == RunState::kFailed;
  if (!can_be)
    throw Problem(409,
                  "run " + std::to_string(run.id) + " is " + std::string(name(run.state)) +
                      ": there is nothing to resume",
                  "not_resumable");
  if (run.request.repository != parts.settings.current()->repository.path)
    throw Problem(409, "run " + std::to_string(run.id) + " worked on another repository", "not_resumable");
  const RunOptions options = parseRunOptions(run.request.kind, run.request.options);
  requireRight(request, run.request.kind, options);
  parts.engine.require(run.request.kind, options);
  return submit(parts, request, run.request, "run.resume");
}

Response cancel(const ApiParts& parts, const Request& request) {
  const Run run = find(parts, request);
  requireRight(request, run.request.kind, parseRunOptions(run.request.kind, run.request.options));
  if (ended(run.state)) throw Problem(409, "run " + std::to_string(run.id) + " has ended already", "ended");
  parts.audit.append(
      callerOf(request).event(request, "run.cancel", "run " + std::to_string(run.id), "asked"));
  parts.queue.cancel(run.id);
  return jsonResponse(runJson(find(parts, request)));
}

Response result(const ApiParts& parts, const Request& request) {
  const Run run = find(parts, request);
  std::string json = parts.runs.result(run.id);
  if (json.empty()) throw Problem(404, "run " + std::to_string(run.id) + " left no result", "not_found");
  return Response::json(std::move(json));
}

// What is at work first, so that a page which just opened, or came back, shows it without asking.
Response events(const ApiParts& parts) {
  return Response::events(parts.events.subscribe([&](http::EventStream& stream) {
    for (const Run& run : parts.queue.active())
      stream.push({.id = {}, .event = "run", .data = jobs::jsonText(runJson(run))});
  }));
}

}  // namespace

void addRunRoutes(http::Router& router, const ApiParts& parts) {
  router.get("/api/v1/runs", [parts](const Request& request) { return list(parts, request); });
  router.add({"POST", "/api/v1/runs", [parts](const Request& request) { return start(parts, request); },
              Runs::kOptionsBytesMax + 1024});
  router.get("/api/v1/runs/{id}",
             [parts](const Request& request) { return jsonResponse(runJson(find(parts, request))); });
  router.get("/api/v1/runs/{id}/result", [parts](const Request& request) { return result(parts, request); });
  router.add({"POST", "/api/v1/runs/{id}/cancel",
              [parts](const Request& request) { return cancel(parts, request); }, 1024});
  router.add({"POST", "/api/v1/runs/{id}/resume",
              [parts](const Request& request) { return resume(parts, request); }, 1024});
  router.get("/api/v1/events", [parts](const Request&) { return events(parts); });
}

}  // namespace enamel::service
