#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/cancel.h"
#include "http/client.h"

namespace CLI {
class App;
}

namespace enamel::service {
struct LocalAccess;
}

namespace enamel::cli {

// Which running service a command talks to: the one on this computer, found by its state folder, or one
// anywhere by address and token.
struct ServiceAddress {
  std::string state;
  std::string url, token_file, ca_file;
};

// --state, --url, --token-file, --ca-file.
void addServiceOptions(CLI::App& command, ServiceAddress& address);

// Asks a running service. Errors of the service come as Error with its code, words and hint; those of the way
// to it as http::Client throws them. Not thread-safe.
class ServiceClient {
 public:
  // Throws kNotFound where no service runs, kPermission for who may not use it, kUsage for an address without
  // a token.
  explicit ServiceClient(const ServiceAddress& address);

  // path: "/api/v1/overview". The answer's JSON. Throws kCorrupt for what is none.
  nlohmann::json get(const std::string& path, const CancelToken& cancel = CancelToken::never());
  nlohmann::json post(const std::string& path, const nlohmann::json& body,
                      const CancelToken& cancel = CancelToken::never());

 private:
  explicit ServiceClient(const service::LocalAccess& access);
  nlohmann::json ask(http::ClientRequest request, const CancelToken& cancel);

  const std::string url_, token_;
  http::Client client_;
};

}  // namespace enamel::cli
