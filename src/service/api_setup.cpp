// Set-up: who may begin, looks at sources and destination, the repository, the recovery kit.

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "crypto/secret.h"
#include "http/problem.h"
#include "jobs/open_repository.h"
#include "jobs/probe_database.h"
#include "jobs/probe_destination.h"
#include "jobs/probe_images.h"
#include "opendental/free_dental_config.h"
#include "service/api.h"
#include "service/api_json.h"
#include "service/caller.h"
#include "service/config_rules.h"
#include "service/session_answer.h"
#include "service/setup_json.h"

namespace enamel::service {
namespace {

using http::Problem;
using http::Request;
using http::Response;
using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::uint64_t kBodyBytesMax = 16U << 10;
constexpr std::size_t kWordsMax = 100;

// Who set-up is done by until there is an administrator.
const Principal& setupPrincipal() {
  static const Principal kPrincipal{
      .name = "set-up", .account = "local", .may_back_up = true, .may_administer = true};
  return kPrincipal;
}

bool isThisComputer(const std::string& address) {
  return address.rfind("127.", 0) == 0 || address == "::1" || address.rfind("::ffff:127.", 0) == 0;
}

// What a workstation's file says, where somebody put it beside the configuration; never the password.
ordered_json freeDentalJson(const ApiParts& parts) {
  try {
    const auto found =
        opendental::readFreeDentalConfig(parts.settings.file().parent_path() / "FreeDentalConfig.xml");
    const std::string port = found.address.port == 3306 ? "" : ":" + std::to_string(found.address.port);
    return {{"host", found.address.host + port},
            {"database", found.address.database},
            {"user", found.address.user}};
  } catch (const Error&) {
    return nullptr;  // none, or none of use
  }
}

Response state(const ApiParts& parts, const Request& request) {
  const bool needed = parts.setup.isNeeded();
  if (!needed) administratorOf(request);
  ordered_json steps = ordered_json::array();
  for (const Setup::Step& step : parts.setup.steps())
    steps.push_back({{"name", step.name}, {"done", step.done}});
  const Caller* const caller = callerIfAny(request);
  const bool may_see = caller != nullptr && caller->principal.may_administer;
  return jsonResponse({{"needed", needed},
                       {"steps", steps},
                       {"free_dental_config", may_see ? freeDentalJson(parts) : ordered_json(nullptr)}});
}

void record(const ApiParts& parts, const Request& request, const std::string& outcome) {
  parts.audit.append({.user = outcome == "done" ? setupPrincipal().name : "",
                      .account = outcome == "done" ? "local" : "none",
                      .address = request.client_address,
                      .action = "setup.enter",
                      .object = {},
                      .outcome = outcome,
                      .details = {}});
}

Response enter(const ApiParts& parts, const Request& request) {
  if (!isThisComputer(request.client_address))
    throw Problem(403, "set-up is done on the computer that Enamel runs on", "not_local",
                  "open the page there, or run `enamel setup` in a terminal");
  const json body = bodyOf(request, {"code"});
  const auto now = Sessions::Time::clock::now();
  switch (parts.setup.enter(textOf(body, "code"), now)) {
    case Setup::Entry::kWelcome:
      break;
    case Setup::Entry::kWrong:
      record(parts, request, "refused");
      throw Problem(401, "that is not the code", "wrong_code",
                    "it stands in the terminal that `enamel serve` was started in, or in its journal");
    case Setup::Entry::kLocked: {
      Problem problem(429, "too many wrong codes", "locked_out", "wait five minutes, then try again");
      problem.headers().set("Retry-After", "300");
      throw problem;
    }
    case Setup::Entry::kNotNeeded:
      throw Problem(409, "set-up was finished already", "set_up", "sign in");
  }
  record(parts, request, "done");
  const Sessions::Created session = parts.sessions.create(setupPrincipal(), now);
  Response response = sessionResponse(setupPrincipal(), session.csrf);
  response.headers.add("Set-Cookie",
                       sessionCookie(request.tls, session.secret,
                                     std::int64_t{parts.settings.current()->sign_in.session_hours} * 3600));
  return response;
}

Response setAdministrator(const ApiParts& parts, const Request& request) {
  const Caller& caller = administratorOf(request);
  const json body = bodyOf(request, {"name", "password"});
  const std::string name = textOf(body, "name");
  std::string password = textOf(body, "password");
  parts.audit.append(caller.event(request, "setup.administrator", name, "asked"));
  parts.setup.setAdministrator(name, asBytes(password));
  crypto::wipe(password);
  parts.audit.append(caller.event(request, "setup.administrator", name));
  return Response::noContent();
}

void refuseIfWrong(TextRule rule, const std::string& name, const std::string& value) {
  const Complaint complaint = complaintOf(rule, value);
  if (!complaint.what.empty()) throw Problem(400, name + " " + complaint.what, "malformed", complaint.hint);
}

Response lookAtDatabase(const ApiParts& parts, const Request& request) {
  const Caller& caller = administratorOf(request);
  const json body = bodyOf(request, {"url", "password", "data_folder", "save"});
  const std::string url = textOf(body, "url"), data_folder = textOf(body, "data_folder", "");
  std::string password = textOf(body, "password", "");
  refuseIfWrong(TextRule::kDatabaseUrl, "url", url);
  refuseIfWrong(TextRule::kPath, "data_folder", data_folder);
  if (url.empty()) throw Problem(400, "url is empty", "malformed");
  mariadb::Address address = mariadb::parseAddress(url);
  const auto config = parts.settings.current();
  if (!password.empty())
    address.password = password;
  else if (isSameAccount(url, config->database.url) && !config->database.password_file.empty())
    address = jobs::withPasswordFrom(config->database.password_file, std::move(address));
  const jobs::DatabaseProbe probe = jobs::probeDatabase(address, data_folder, CancelToken::never());
  crypto::wipe(address.password);
  // What nobody can reach may be a mistyped name; it would be found out at night.
  if (flagOf(body, "save", false) && probe.reachable && !address.database.empty()) {
    parts.audit.append(caller.event(request, "setup.database", url, "asked"));
    parts.setup.saveDatabase(url, password, data_folder);
    parts.audit.append(caller.event(request, "setup.database", url));
  }
  crypto::wipe(password);
  return jsonResponse(probeJson(probe));
}

std::optional<mariadb::Address> databaseOf(const ApiParts& parts) {
  if (parts.settings.current()->database.url.empty()) return std::nullopt;
  return parts.engine.databaseAddress();
}

Response lookAtImages(const ApiParts& parts, const Request& request) {
  const Caller& caller = administratorOf(request);
  const json body = bodyOf(request, {"path", "save"});
  const std::string path = textOf(body, "path");
  refuseIfWrong(TextRule::kPath, "path", path);
  if (path.empty()) throw Problem(400, "path is empty", "malformed");
  const jobs::ImagesProbe probe = jobs::probeImages(path, databaseOf(parts), CancelToken::never());
  if (flagOf(body, "save", false) && probe.exists) {
    parts.audit.append(caller.event(request, "setup.images", path, "asked"));
    parts.setup.saveImages(path);
    parts.audit.append(caller.event(request, "setup.images", path));
  }
  return jsonResponse(probeJson(probe));
}

Response lookAtDestination(const ApiParts& parts, const Request& request) {
  administratorOf(request);
  const json body = bodyOf(request, {"path"});
  const std::string path = textOf(body, "path");
  refuseIfWrong(TextRule::kPath, "path", path);
  if (path.empty()) throw Problem(400, "path is empty", "malformed");
  const auto config = parts.settings.current();
  return jsonResponse(
      probeJson(jobs::probeDestination(path, Setup::sourceFolders(*config), CancelToken::never())));
}

Response makeRepository(const ApiParts& parts, const Request& request) {
  const Caller& caller = administratorOf(request);
  const json body = bodyOf(request, {"path", "password"});
  const std::string path = textOf(body, "path");
  std::string password = textOf(body, "password", "");
  refuseIfWrong(TextRule::kPath, "path", path);
  parts.audit.append(caller.event(request, "setup.repository", path, "asked"));
  const std::string id = parts.setup.makeRepository(path, password);
  crypto::wipe(password);
  parts.audit.append(caller.event(request, "setup.repository", path, "done", "repository " + id));
  return jsonResponse({{"id", id}}, 201);
}

Response kit(const ApiParts& parts, const Request& request) {
  const Caller& caller = administratorOf(request);
  if (request.method != "HEAD")
    parts.audit.append(caller.event(request, "kit.print", parts.settings.current()->repository.path, "done",
                                    parts.setup.isKitConfirmed() ? "again" : ""));
  Response response;
  response.headers.set("Content-Type", "application/pdf");
  response.headers.set("Content-Disposition", "inline; filename=\"enamel-recovery-kit.pdf\"");
  response.headers.set("Cache-Control", "no-store");
  response.body = parts.setup.kitPdf();
  return response;
}

Response challenge(const ApiParts& parts, const Request& request) {
  administratorOf(request);
  return jsonResponse({{"positions", parts.setup.challenge()}});
}

Response confirm(const ApiParts& parts, const Request& request) {
  const Caller& caller = administratorOf(request);
  const json body = bodyOf(request, {"words"});
  const auto given = body.find("words");
  if (given == body.end() || !given->is_array() || given->size() > kWordsMax)
    throw Problem(400, "words has to be a list of position and word", "malformed");
  std::vector<std::pair<std::size_t, std::string>> words;
  for (const json& entry : *given) {
    const auto position = entry.is_object() ? entry.find("position") : entry.end();
    if (!entry.is_object() || entry.size() != 2 || position == entry.end() || !position->is_number_unsigned())
      throw Problem(400, "words has to be a list of position and word", "malformed");
    words.emplace_back(position->get<std::size_t>(), textOf(entry, "word"));
  }
  const bool confirmed = parts.setup.confirm(words);
  for (auto& [position, word] : words) crypto::wipe(word);
  parts.audit.append(caller.event(request, "kit.confirm", parts.settings.current()->repository.path,
                                  confirmed ? "done" : "refused"));
  return jsonResponse({{"confirmed", confirmed}});
}

Response finish(const ApiParts& parts, const Request& request) {
  const Caller& caller = administratorOf(request);
  parts.setup.finish();
  parts.audit.append(caller.event(request, "setup.finish", {}));
  // From now on people sign in; whoever read the code once does not stay.
  parts.sessions.endAllOf(setupPrincipal(), Sessions::Time::clock::now());
  return Response::noContent();
}

}  // namespace

void addSetupRoutes(http::Router& router, const ApiParts& parts) {
  using Work = Response (*)(const ApiParts& parts, const Request& request);
  const auto get = [&](const char* path, Work work) {
    router.get(path, [parts, work](const Request& request) { return work(parts, request); });
  };
  const auto post = [&](const char* path, Work work) {
    router.add({"POST", path, [parts, work](const Request& request) { return work(parts, request); },
                kBodyBytesMax});
  };
  get("/api/v1/setup", state);
  post("/api/v1/setup/session", enter);
  post("/api/v1/setup/administrator", setAdministrator);
  post("/api/v1/setup/database", lookAtDatabase);
  post("/api/v1/setup/images", lookAtImages);
  post("/api/v1/setup/destination", lookAtDestination);
  post("/api/v1/setup/repository", makeRepository);
  get("/api/v1/setup/kit", kit);
  get("/api/v1/setup/kit/challenge", challenge);
  post("/api/v1/setup/kit/confirm", confirm);
  post("/api/v1/setup/finish", finish);
}

}  // namespace enamel::service
