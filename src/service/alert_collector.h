#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "opendental/users.h"
#include "service/administrator.h"
#include "service/alert_facts.h"
#include "service/alert_store.h"
#include "service/audit_log.h"
#include "service/config.h"
#include "service/runs.h"

namespace enamel::service {

// Gathers what alerts are made of. What costs something is asked for seldom: users of Open Dental once an
// hour, the audit log once a day, results of runs once each. For one thread at a time.
class AlertCollector {
 public:
  using UserSource = std::function<opendental::Users()>;

  // All outlive it. users: throws Error where they cannot be asked.
  AlertCollector(const Runs& runs, AlertStore& store, const AuditLog& audit, Administrator administrator,
                 UserSource users, const Clock& clock = Clock::system());

  // Throws what Runs throws.
  AlertFacts collect(const Config& config);

 private:
  std::vector<BackupFigures> figures(const Config& config);
  std::vector<std::string> missingFrom(const std::optional<Run>& run) const;
  void askForUsers(const Config& config, Timestamp now);
  void verifyAudit(Timestamp now);

  const Runs& runs_;
  AlertStore& store_;
  const AuditLog& audit_;
  const Administrator administrator_;
  const UserSource users_;
  const Clock& clock_;
  DestinationProbe probe_;
  std::map<std::int64_t, std::optional<BackupFigures>> figures_;  // of runs that ended
  std::optional<Timestamp> users_asked_, audit_verified_;
  std::string users_asked_of_;  // the database's address
  std::optional<std::vector<std::string>> without_password_;
  std::string audit_finding_;
};

}  // namespace enamel::service
