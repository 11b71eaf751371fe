#pragma once

#include <memory>
#include <string>

#include "base/time.h"
#include "http/router.h"
#include "service/alert_store.h"
#include "service/alert_teller.h"
#include "service/alert_watch.h"
#include "service/api_tokens.h"
#include "service/audit_log.h"
#include "service/engine.h"
#include "service/event_hub.h"
#include "service/job_queue.h"
#include "service/repository_view.h"
#include "service/runs.h"
#include "service/scheduler.h"
#include "service/sessions.h"
#include "service/settings.h"
#include "service/setup.h"
#include "service/sign_in.h"

namespace enamel::service {

// What the routes work on. All of it is thread-safe and outlives the server.
struct ApiParts {
  Settings& settings;
  Setup& setup;
  const Engine& engine;
  const Runs& runs;
  JobQueue& queue;
  AuditLog& audit;
  Sessions& sessions;
  ApiTokens& tokens;
  SignIn& sign_in;
  const Scheduler& scheduler;
  RepositoryView& repository;
  EventHub& events;
  AlertStore& alerts;
  const AlertWatch& watch;
  AlertTeller& teller;
  const Clock& clock;
  const TimeZone& zone;
};

// The routes of /api/v1, as src/service/openapi.json describes them, and /healthz and /metrics. Each of these
// files has one group; their handlers find the caller by caller.h.
void addSessionRoutes(http::Router& router, const ApiParts& parts);
void addRunRoutes(http::Router& router, const ApiParts& parts);
void addSnapshotRoutes(http::Router& router, const ApiParts& parts);
void addHistoryRoutes(http::Router& router, const ApiParts& parts);
void addDatabaseRoutes(http::Router& router, const ApiParts& parts);
void addAdminRoutes(http::Router& router, const ApiParts& parts);
void addOverviewRoutes(http::Router& router, const ApiParts& parts);
void addSettingsRoutes(http::Router& router, const ApiParts& parts);
void addAlertRoutes(http::Router& router, const ApiParts& parts);
void addMetricsRoutes(http::Router& router, const ApiParts& parts);
void addSetupRoutes(http::Router& router, const ApiParts& parts);

}  // namespace enamel::service
