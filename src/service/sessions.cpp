#include "service/sessions.h"

#include <algorithm>

#include "service/random_token.h"

namespace enamel::service {
namespace {

bool samePerson(const Principal& a, const Principal& b) {
  return a.account == b.account && a.name == b.name;
}

}  // namespace

void Sessions::setTimes(std::chrono::seconds lifetime, std::chrono::seconds idle) {
  const std::lock_guard lock(mutex_);
  options_.lifetime = lifetime;
  options_.idle = idle;
}

Sessions::Created Sessions::create(const Principal& principal, Time now) {
  Created created{.secret = randomToken(), .csrf = randomToken()};
  const std::lock_guard lock(mutex_);
  removeOver(now);
  makeRoom(principal);
  entries_[Sha256::of(asBytes(created.secret))] = {
      .session = {.principal = principal, .csrf = created.csrf}, .created = now, .used = now};
  return created;
}

std::optional<Sessions::Session> Sessions::use(std::string_view secret, Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(Sha256::of(asBytes(secret)));
  if (found == entries_.end()) return std::nullopt;
  if (isOver(found->second, now)) {
    entries_.erase(found);
    return std::nullopt;
  }
  found->second.used = now;
  return found->second.session;
}

void Sessions::end(std::string_view secret) {
  const std::lock_guard lock(mutex_);
  entries_.erase(Sha256::of(asBytes(secret)));
}

std::size_t Sessions::endAllOf(const Principal& principal, Time now) {
  const std::lock_guard lock(mutex_);
  removeOver(now);
  return std::erase_if(
      entries_, [&](const auto& entry) { return samePerson(entry.second.session.principal, principal); });
}

std::size_t Sessions::count(Time now) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::count_if(
      entries_.begin(), entries_.end(), [&](const auto& entry) { return !isOver(entry.second, now); }));
}

bool Sessions::isOver(const Entry& entry, Time now) const {
  return now - entry.created >= options_.lifetime || now - entry.used >= options_.idle;
}

// REQUIRES mutex_, as what follows.
void Sessions::removeOver(Time now) {
  std::erase_if(entries_, [&](const auto& entry) { return isOver(entry.second, now); });
}

void Sessions::makeRoom(const Principal& principal) {
  const auto endOldest = [this](const auto& counts, std::size_t max) {
    std::size_t count = 0;
    auto oldest = entries_.end();
    for (auto it = entries_.begin(); it != entries_.end(); ++it) {
      if (!counts(it->second)) continue;
      ++count;
      if (oldest == entries_.end() || it->second.used < oldest->second.used) oldest = it;
    }
    if (count >= max && oldest != entries_.end()) entries_.erase(oldest);
  };
  endOldest([&](const Entry& entry) { return samePerson(entry.session.principal, principal); },
            options_.per_person_max);
  endOldest([](const Entry&) { return true; }, options_.all_max);
}

}  // namespace enamel::service
