#include "service/settings.h"

#include <utility>

#include "base/error.h"

namespace enamel::service {
namespace {

// What is wrong with a configuration is its writer's affair, whatever file it is missed in.
template <class Check>
void asUsage(Check check) {
  try {
    check();
  } catch (const Error& error) {
    throw Error(ErrorCode::kUsage, error.what(), error.hint());
  }
}

}  // namespace

Settings::Settings(Config config, std::filesystem::path file)
    : file_(std::move(file)),
      listen_at_start_(config.listen),
      current_(std::make_shared<const Config>(std::move(config))) {}

std::shared_ptr<const Config> Settings::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

std::shared_ptr<const Config> Settings::change(const std::function<void(Config&)>& edit) {
  const std::lock_guard one_changes(changing_);
  std::error_code error;
  const bool is_there = !file_.empty() && std::filesystem::exists(file_, error);
  Config config = *current();
  asUsage([&] {
    if (is_there) config = loadConfig(file_);
  });
  edit(config);
  asUsage([&] { requireRight(config); });
  if (!file_.empty()) writeCommented(config, file_);
  const auto changed = std::make_shared<const Config>(std::move(config));
  {
    const std::lock_guard lock(mutex_);
    current_ = changed;
  }
  for (const Listener& listener : listeners_) listener(*changed);
  return changed;
}

void Settings::addListener(Listener listener) {
  const std::lock_guard one_changes(changing_);
  listeners_.push_back(std::move(listener));
}

bool Settings::isRestartNeeded() const {
  return current()->listen != listen_at_start_;
}

}  // namespace enamel::service
