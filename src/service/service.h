#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "service/config.h"

namespace enamel::service {

struct ServiceOptions {
  Config config;
  std::filesystem::path config_file;  // what it was read from, and where changes go; see Settings
  std::filesystem::path state;        // see StateFolder
  // The page's files; empty: the API alone.
  std::filesystem::path web;
  // One line at a time, for people and journals; from any thread. No secrets, no patients' names.
  std::function<void(std::string_view)> log;
  bool cheap_keys = false;  // for tests: a repository made at set-up protects nothing
};

// `enamel serve`: the API, the schedule and the queue of a practice, over its state. Members are thread-safe.
class Service {
 public:
  // Opens the state; verifies the audit log, and says in it and in the log what is wrong. Throws what
  // StateFolder throws, and kUsage for addresses that cannot be: beyond this computer without a certificate.
  explicit Service(ServiceOptions options);
  // stop()
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Serves; runs that were waiting and what is due begin. Throws what http::Server::start throws.
  void start();
  // Ends what runs ("interrupted") and gives requests that time.
  void stop(std::chrono::milliseconds grace = std::chrono::seconds(5));

  // "http://127.0.0.1:8480", from start() on.
  std::string url() const;

  // What the page asks for while set-up was not finished; empty once it was. A secret: for the terminal
  // alone.
  std::string setupCode() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Where the local administrator's name and password are, below a state folder.
std::filesystem::path administratorFile(const std::filesystem::path& state);

}  // namespace enamel::service
