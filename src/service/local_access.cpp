#include "service/local_access.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"

namespace enamel::service {
namespace {

constexpr std::uint64_t kBytesMax = 64 << 10;

std::filesystem::path fileIn(const std::filesystem::path& state) {
  return state / "local-access";
}

}  // namespace

void writeLocalAccess(const std::filesystem::path& state, const LocalAccess& access) {
  const nlohmann::json object = {
      {"url", access.url}, {"token", access.token}, {"ca_file", access.ca_file}, {"address", access.address}};
  const std::string text = object.dump();
  const ByteView part = asBytes(text);
  writeFileDurably(fileIn(state), {&part, 1}, 0600);
}

LocalAccess readLocalAccess(const std::filesystem::path& state) {
  const std::filesystem::path file = fileIn(state);
  Bytes bytes;
  try {
    bytes = readFile(file, kBytesMax);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kNotFound)
      throw Error(ErrorCode::kNotFound, "no service runs with the state folder " + state.string(),
                  "start it (`systemctl start enamel`, or `enamel serve`), or name its folder by --state");
    if (error.code() == ErrorCode::kPermission)
      throw Error(ErrorCode::kPermission, error.what(),
                  "be root or the user the service runs as, or use --url with --token-file");
    throw;
  }
  try {
    const nlohmann::json object = nlohmann::json::parse(asText(bytes));
    const auto member = [&](const char* name) { return object.at(name).get<std::string>(); };
    return {.url = member("url"),
            .token = member("token"),
            .ca_file = member("ca_file"),
            .address = member("address")};
  } catch (const nlohmann::json::exception&) {  // its text would quote the token
    throw Error(ErrorCode::kCorrupt, file.string() + " is damaged", "restart the service: it is made anew");
  }
}

void removeLocalAccess(const std::filesystem::path& state) noexcept {
  std::error_code ignored;
  std::filesystem::remove(fileIn(state), ignored);
}

}  // namespace enamel::service
