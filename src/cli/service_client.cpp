#include "cli/service_client.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/printable.h"
#include "cli/service_options.h"
#include "service/local_access.h"

namespace enamel::cli {
namespace {

using nlohmann::json;

constexpr std::uint64_t kTokenBytesMax = 4096;
constexpr std::chrono::seconds kConnectTime{5};

std::optional<ErrorCode> errorCodeOf(std::string_view name) {
#define ENAMEL_ERROR_CODE(enumerator, text, exit_code) \
  if (name == (text)) return ErrorCode::enumerator;
#include "base/error_codes.def"
#undef ENAMEL_ERROR_CODE
  return std::nullopt;
}

std::string tokenIn(const std::string& file) {
  const Bytes bytes = readFile(file, kTokenBytesMax);
  std::string token(asText(bytes));
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  return token;
}

service::LocalAccess accessOf(const ServiceAddress& address) {
  if (address.url.empty()) {
    if (!address.token_file.empty() || !address.ca_file.empty())
      throw Error(ErrorCode::kUsage, "--token-file and --ca-file go with --url");
    return service::readLocalAccess(address.state);
  }
  if (address.token_file.empty())
    throw Error(ErrorCode::kUsage, "--url needs --token-file",
                "make a token on the page or by POST /api/v1/tokens, and put it into a file");
  std::string url = address.url;
  while (url.ends_with('/')) url.pop_back();
  return {.url = url, .token = tokenIn(address.token_file), .ca_file = address.ca_file, .address = {}};
}

http::ClientOptions clientOptions(const service::LocalAccess& access) {
  return {.ca_file = access.ca_file, .proxy = {}, .connect_to = access.address, .user_agent = "enamel"};
}

std::string textIn(const json& object, const char* name) {
  const auto member = object.is_object() ? object.find(name) : object.end();
  return member != object.end() && member->is_string() ? printable(member->get<std::string>())
                                                       : std::string();
}

// What the service's problem details say (RFC 9457).
Error problemOf(const http::ClientResponse& response, const json& body) {
  const ErrorCode by_status = response.status == 401 || response.status == 403 ? ErrorCode::kPermission
                              : response.status == 404                         ? ErrorCode::kNotFound
                              : response.status == 409                         ? ErrorCode::kExists
                              : response.status < 500                          ? ErrorCode::kUsage
                                                                               : ErrorCode::kUnreachable;
  std::string what = textIn(body, "detail");
  if (what.empty()) what = textIn(body, "title");
  return {errorCodeOf(textIn(body, "code")).value_or(by_status),
          what.empty() ? "the service answered with status " + std::to_string(response.status) : what,
          textIn(body, "hint")};
}

}  // namespace

void addServiceOptions(CLI::App& command, ServiceAddress& address) {
  address.state = kDefaultStateFolder;
  addStateOption(command, address.state);
  command.add_option("--url", address.url, "Another computer's service, as https://backup-pc:8480")
      ->type_name("URL");
  command.add_option("--token-file", address.token_file, "With --url: a file that holds an API token")
      ->type_name("FILE");
  command
      .add_option("--ca-file", address.ca_file,
                  "With --url: the certificate to trust, if no authority of this computer vouches for it")
      ->type_name("FILE");
}

ServiceClient::ServiceClient(const ServiceAddress& address) : ServiceClient(accessOf(address)) {}

ServiceClient::ServiceClient(const service::LocalAccess& access)
    : url_(access.url), token_(access.token), client_(clientOptions(access)) {}

json ServiceClient::get(const std::string& path, const CancelToken& cancel) {
  http::ClientRequest request;
  request.url = url_ + path;
  return ask(std::move(request), cancel);
}

json ServiceClient::post(const std::string& path, const json& body, const CancelToken& cancel) {
  http::ClientRequest request;
  request.method = "POST";
  request.url = url_ + path;
  request.headers.set("Content-Type", "application/json");
  request.body = body.dump();
  return ask(std::move(request), cancel);
}

json ServiceClient::ask(http::ClientRequest request, const CancelToken& cancel) {
  request.headers.set("Authorization", "Bearer " + token_);
  request.connect_time = kConnectTime;
  http::ClientResponse response;
  try {
    response = client_.send(request, cancel);
  } catch (Error& error) {
    if (error.code() == ErrorCode::kUnreachable)
      error.addHint("is the service running? `systemctl status enamel`, or start it by `enamel serve`");
    throw;
  }
  json body = json::parse(response.body, nullptr, false);
  if (response.status >= 300) throw problemOf(response, body);
  if (body.is_discarded())
    throw Error(ErrorCode::kCorrupt, "the service's answer is no JSON",
                "is it Enamel that answers at " + url_ + "?");
  return body;
}

}  // namespace enamel::cli
