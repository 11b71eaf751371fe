#include "base/lockout.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "base/error.h"
#include "base/letter_case.h"
#include "base/trim.h"

namespace enamel {
namespace {

constexpr std::size_t kKeyBytesMax = 256;

std::string userKey(std::string_view user) {
  return upperCase(trimmed(user).substr(0, kKeyBytesMax));
}

std::string addressKey(std::string_view address) {
  // A zone ("fe80::1%eth0") says which of our own interfaces it is, not who.
  std::string text(address.substr(0, std::min(address.find('%'), kKeyBytesMax)));
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
  constexpr std::array<std::uint8_t, 12> kMappedIpv4 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(kMappedIpv4.begin(), kMappedIpv4.end(), bytes.begin())) {
    std::array<char, INET_ADDRSTRLEN> ipv4{};
    return inet_ntop(AF_INET, bytes.data() + kMappedIpv4.size(), ipv4.data(), ipv4.size());
  }
  return toHex(ByteView(bytes).first(8)) + "/64";
}

}  // namespace

bool Lockout::Tally::isLocked(const Failures& failures, Time now) const {
  return failures.count >= options_.failures_max && !isOver(failures, now);
}

std::optional<Lockout::Time> Lockout::Tally::lockedUntil(const std::string& key, Time now) const {
  if (const auto found = failures_.find(key); found != failures_.end()) {
    if (!isLocked(found->second, now)) return std::nullopt;
    return found->second.last + options_.rest;
  }
  if (failures_.size() < options_.keys_max) return std::nullopt;
  Time first = Time::max();
  for (const auto& [other, failures] : failures_) {
    if (!isLocked(failures, now)) return std::nullopt;
    first = std::min(first, failures.last + options_.rest);
  }
  return first;
}

void Lockout::Tally::add(const std::string& key, Time now) {
  if (failures_.find(key) == failures_.end() && failures_.size() >= options_.keys_max) makeRoom(now);
  Failures& failures = failures_[key];
  if (isOver(failures, now)) failures.count = 0;
  ++failures.count;
  failures.last = now;
}

void Lockout::Tally::makeRoom(Time now) {
  std::erase_if(failures_, [&](const auto& entry) { return isOver(entry.second, now); });
  if (failures_.size() < options_.keys_max) return;
  const auto weakest =
      std::min_element(failures_.begin(), failures_.end(), [](const auto& left, const auto& right) {
        if (left.second.count != right.second.count) return left.second.count < right.second.count;
        return left.second.last < right.second.last;
      });
  // lockedUntil() would have refused the attempt.
  ENAMEL_CHECK(weakest->second.count < options_.failures_max);
  failures_.erase(weakest);
}

void Lockout::Tally::takeBack(const std::string& key) {
  const auto found = failures_.find(key);
  if (found != failures_.end() && --found->second.count == 0) failures_.erase(found);
}

Lockout::Lockout() : Lockout(Options()) {}

Lockout::Lockout(const Options& options) : users_(options), addresses_(options) {
  ENAMEL_CHECK(options.failures_max > 0 && options.rest.count() > 0 && options.keys_max > 0);
}

void Lockout::setRules(unsigned failures_max, std::chrono::seconds rest) {
  ENAMEL_CHECK(failures_max > 0 && rest.count() > 0);
  const std::lock_guard lock(mutex_);
  users_.setRules(failures_max, rest);
  addresses_.setRules(failures_max, rest);
}

std::optional<Lockout::Time> Lockout::begin(std::string_view user, std::string_view address, Time now) {
  const std::string user_key = userKey(user);
  const std::string address_key = addressKey(address);
  const std::lock_guard lock(mutex_);
  const std::optional<Time> user_until = users_.lockedUntil(user_key, now);
  const std::optional<Time> address_until = addresses_.lockedUntil(address_key, now);
  // An empty optional is less than any time.
  if (user_until || address_until) return std::max(user_until, address_until);
  users_.add(user_key, now);
  addresses_.add(address_key, now);
  return std::nullopt;
}

void Lockout::succeeded(std::string_view user, std::string_view address) {
  const std::string user_key = userKey(user);
  const std::string address_key = addressKey(address);
  const std::lock_guard lock(mutex_);
  users_.forget(user_key);
  addresses_.takeBack(address_key);
}

void Lockout::abandoned(std::string_view user, std::string_view address) {
  const std::string user_key = userKey(user);
  const std::string address_key = addressKey(address);
  const std::lock_guard lock(mutex_);
  users_.takeBack(user_key);
  addresses_.takeBack(address_key);
}

std::size_t Lockout::size() const {
  const std::lock_guard lock(mutex_);
  return users_.size() + addresses_.size();
}

}  // namespace enamel
