#include "service/service.h"

#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/threads.h"
#include "http/server.h"
#include "http/static_files.h"
#include "jobs/result_json.h"
#include "mariadb/connection.h"
#include "opendental/users.h"
#include "service/alert_collector.h"
#include "service/alert_json.h"
#include "service/api.h"
#include "service/api_json.h"
#include "service/caller.h"
#include "service/local_access.h"
#include "service/openapi.h"
#include "service/random_token.h"
#include "service/run_options.h"
#include "service/state_folder.h"

namespace enamel::service {
namespace {

// A person at the page waits for an answer.
constexpr unsigned kSignInPatienceS = 5;
constexpr std::chrono::minutes kIdle{5};

bool isLoopback(const std::string& address) {
  return address == "localhost" || address == "::1" || address.rfind("127.", 0) == 0;
}

http::ServerOptions serverOptions(const Config::Listen& listen) {
  http::ServerOptions options;
  options.address = listen.address == "localhost" ? "127.0.0.1" : listen.address;
  options.port = static_cast<std::uint16_t>(listen.port);
  if (!listen.certificate.empty())
    options.tls =
        http::TlsFiles{.certificate_chain_file = listen.certificate, .private_key_file = listen.key};
  else if (!isLoopback(listen.address))
    throw Error(ErrorCode::kUsage,
                "the page would be served at " + listen.address + " without TLS: passwords would be readable",
                "set certificate and key in the section [listen], or address to 127.0.0.1");
  options.host_names = listen.names;
  for (std::string& name : options.host_names) name = http::lowerCase(name);
  return options;
}

// What a browser may do with what comes from here: our own files and nothing else (no outside request ever).
void decorate(http::Headers& headers) {
  headers.set("Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src "
              "'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
  headers.set("X-Frame-Options", "DENY");
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  headers.set("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
}

}  // namespace

class Service::Impl {
 public:
  explicit Impl(ServiceOptions options);
  ~Impl() { stop(std::chrono::milliseconds(0)); }

  void start();
  void stop(std::chrono::milliseconds grace);
  std::string url() const { return server_->url(); }
  std::string setupCode() const { return setup_.isNeeded() ? setup_.code() : std::string(); }

 private:
  void onRun(const Run& run);
  void onSettings(const Config& config);
  void onAlerts(const std::vector<Alert>& changed);
  void publishAlerts(const std::vector<Alert>& alerts);
  void record(std::string action, std::string object, std::string outcome, std::string details);
  opendental::Users readUsers() const;
  LocalAccess localAccess() const;
  http::Router router();
  void tidy();

  const ServiceOptions options_;
  Settings settings_;
  StateFolder state_;
  Setup setup_;
  AuditLog audit_;
  Runs runs_;
  Engine engine_;
  RepositoryView repository_;
  EventHub events_;
  Sessions sessions_;
  ApiTokens tokens_;
  const std::string local_token_ = randomToken();
  SignIn sign_in_;
  JobQueue queue_;
  Scheduler scheduler_;
  AlertStore alerts_;
  AlertCollector collector_;
  AlertTeller teller_;
  AlertWatch watch_;
  std::unique_ptr<http::Server> server_;  // after what its routes work on

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread tidier_;
};

Service::Impl::Impl(ServiceOptions options)
    : options_(std::move(options)),
      settings_(options_.config, options_.config_file),
      state_(options_.state),
      setup_(settings_, options_.state,
             options_.cheap_keys ? std::optional(repository::KdfParameters::cheap()) : std::nullopt),
      audit_(state_.database(), state_.auditHead()),
      runs_(state_.database()),
      engine_(settings_),
      repository_(engine_),
      sessions_({.lifetime = std::chrono::hours(options_.config.sign_in.session_hours),
                 .idle = std::chrono::minutes(options_.config.sign_in.idle_minutes),
                 .per_person_max = Sessions::Options().per_person_max,
                 .all_max = Sessions::Options().all_max}),
      tokens_(state_.database()),
      sign_in_(
          settings_, [this] { return readUsers(); }, Administrator(administratorFile(options_.state)),
          options_.log),
      queue_(runs_, [this](const Run& run) { return engine_.makeJob(run); }),
      scheduler_(state_.database(), runs_, queue_, settings_, options_.log),
      alerts_(state_.database()),
      collector_(runs_, alerts_, audit_, Administrator(administratorFile(options_.state)),
                 [this] { return readUsers(); }),
      teller_(alerts_, settings_,
              {.deliver =
                   [](const std::string& channel, const Config& config, const std::vector<DueNews>& news,
                      Timestamp now, const CancelToken& cancel) {
                     return deliver(channel, config, news, TimeZone::machine(), now, cancel);
                   },
               .ping = deliverPing},
              options_.log, [this](const std::vector<Alert>& told) { publishAlerts(told); }),
      watch_(
          alerts_, settings_, [this](const Config& config) { return collector_.collect(config); },
          [this](const std::vector<Alert>& changed) { onAlerts(changed); }, options_.log) {
  settings_.addListener([this](const Config& config) { onSettings(config); });
  const AuditVerdict verdict = audit_.verifyAndRecord();
  if (verdict.finding)
    options_.log("the audit log is NOT whole: " + verdict.finding->what + " (entry " +
                 std::to_string(verdict.finding->sequence) + ")");
  http::ServerOptions server = serverOptions(options_.config.listen);
  server.filter = Gate(sessions_, tokens_, local_token_, [this] { return setup_.isNeeded(); });
  server.decorate = decorate;
  server.log = options_.log;
  server_ = std::make_unique<http::Server>(std::move(server), router());
}

http::Router Service::Impl::router() {
  const ApiParts parts{.settings = settings_,
                       .setup = setup_,
                       .engine = engine_,
                       .runs = runs_,
                       .queue = queue_,
                       .audit = audit_,
                       .sessions = sessions_,
                       .tokens = tokens_,
                       .sign_in = sign_in_,
                       .scheduler = scheduler_,
                       .repository = repository_,
                       .events = events_,
                       .alerts = alerts_,
                       .watch = watch_,
                       .teller = teller_,
                       .clock = Clock::system(),
                       .zone = TimeZone::machine()};
  http::Router router;
  addSessionRoutes(router, parts);
  addRunRoutes(router, parts);
  addSnapshotRoutes(router, parts);
  addHistoryRoutes(router, parts);
  addDatabaseRoutes(router, parts);
  addAdminRoutes(router, parts);
  addOverviewRoutes(router, parts);
  addSettingsRoutes(router, parts);
  addAlertRoutes(router, parts);
  addMetricsRoutes(router, parts);
  addSetupRoutes(router, parts);
  router.get("/api/v1/openapi.json",
             [](const http::Request&) { return http::Response::json(std::string(openApiDocument())); });
  if (!options_.web.empty()) {
    const auto files = std::make_shared<http::StaticFiles>(options_.web);
    router.setFallback([files](const http::Request& request) { return files->handle(request); });
  }
  return router;
}

opendental::Users Service::Impl::readUsers() const {
  mariadb::Connection::Options connect;
  connect.connect_timeout_s = connect.read_timeout_s = kSignInPatienceS;
  mariadb::Connection connection(engine_.databaseAddress(), connect);
  return opendental::readUsers(connection);
}

LocalAccess Service::Impl::localAccess() const {
  const Config::Listen& listen = options_.config.listen;
  const std::string url = server_->url();
  const std::string scheme = url.substr(0, url.find("//") + 2);
  const std::string port = url.substr(url.rfind(':'));
  const bool everywhere = listen.address == "0.0.0.0" || listen.address == "::";
  const std::string address = everywhere ? "127.0.0.1" + port : url.substr(scheme.size());
  // Under TLS by a name that its certificate has.
  const bool by_name = !listen.certificate.empty() && !listen.names.empty();
  return {.url = by_name ? scheme + listen.names.front() + port : scheme + address,
          .token = local_token_,
          .ca_file = listen.certificate,
          .address = address};
}

void Service::Impl::start() {
  server_->start();
  record("service.start", {}, "done", url());
  queue_.addListener([this](const Run& run) { onRun(run); });
  queue_.start();
  scheduler_.start();
  teller_.start();
  watch_.start();
  writeLocalAccess(options_.state, localAccess());
  tidier_ = startThread([this] { tidy(); });
}

void Service::Impl::stop(std::chrono::milliseconds grace) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  wake_.notify_all();
  removeLocalAccess(options_.state);
  scheduler_.stop();
  queue_.stop();  // before the server: open pages are told what was interrupted
  watch_.stop();
  teller_.stop();  // a request that tries it ends, too
  server_->stop(grace);
  if (!tidier_.joinable()) return;
  tidier_.join();
  try {
    record("service.stop", {}, "done", {});
  } catch (const Error& error) {
    options_.log(std::string("the end of the service is not in the audit log: ") + error.what());
  }
}

void Service::Impl::record(std::string action, std::string object, std::string outcome, std::string details) {
  audit_.append({.user = {},
                 .account = "service",
                 .address = "local",
                 .action = std::move(action),
                 .object = std::move(object),
                 .outcome = std::move(outcome),
                 .details = std::move(details)});
}

void Service::Impl::onRun(const Run& run) {
  events_.publish("run", jobs::jsonText(runJson(run)));
  if (!ended(run.state)) return;
  repository_.forget();  // what it changed
  if (run.request.kind == RunKind::kBackup && run.request.options == formatRunOptions(RunKind::kBackup, {})) {
    if (run.state == RunState::kDone) teller_.pingLater(PingOutcome::kComplete);
    if (run.state == RunState::kFailed || run.state == RunState::kIncomplete)
      teller_.pingLater(PingOutcome::kNotComplete);
  }
  watch_.wake();
  const std::string what = std::string(name(run.request.kind)) + " run " + std::to_string(run.id);
  options_.log(
      what + " is " + std::string(name(run.state)) +
      (run.error ? ": " + run.error->message + (run.error->hint.empty() ? "" : " (" + run.error->hint + ")")
                 : std::string()));
  try {
    record("run.end", "run " + std::to_string(run.id), std::string(name(run.state)),
           std::string(name(run.request.kind)) + " for " + run.started_by +
               (run.snapshot.empty() ? "" : ", snapshot " + run.snapshot));
  } catch (const Error& error) {
    options_.log("the end of " + what + " is not in the audit log: " + error.what());
  }
}

void Service::Impl::onSettings(const Config& config) {
  sessions_.setTimes(std::chrono::hours(config.sign_in.session_hours),
                     std::chrono::minutes(config.sign_in.idle_minutes));
  repository_.forget();  // it may be another one
  watch_.wake();
}

void Service::Impl::onAlerts(const std::vector<Alert>& changed) {
  publishAlerts(changed);
  for (const Alert& alert : changed)
    options_.log("alert " + std::to_string(alert.id) + (alert.ended ? " is over: " : ": ") + alert.title +
                 " (" + alert.code + ")");
  teller_.wake();
}

void Service::Impl::publishAlerts(const std::vector<Alert>& alerts) {
  for (const Alert& alert : alerts) events_.publish("alert", jobs::jsonText(alertJson(alert)));
}

void Service::Impl::tidy() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kIdle, [this] { return stopping_; })) {
    lock.unlock();
    repository_.forgetIfIdle();
    events_.closeAll();  // whose right to listen ended meanwhile does not get in again
    lock.lock();
  }
}

Service::Service(ServiceOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Service::~Service() = default;

void Service::start() {
  impl_->start();
}

void Service::stop(std::chrono::milliseconds grace) {
  impl_->stop(grace);
}

std::string Service::setupCode() const {
  return impl_->setupCode();
}

std::string Service::url() const {
  return impl_->url();
}

std::filesystem::path administratorFile(const std::filesystem::path& state) {
  return state / "administrator";
}

}  // namespace enamel::service
