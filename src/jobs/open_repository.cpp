#include "jobs/open_repository.h"

#include <cstring>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "storage/local.h"

namespace enamel::jobs {
namespace {

constexpr std::uint64_t kPasswordFileMax = 64 << 10;

bool hasScheme(const std::string& location) {
  for (const char* scheme : {"rest:", "sftp:", "s3:", "b2:", "azure:", "gs:", "swift:", "rclone:"}) {
    if (location.rfind(scheme, 0) == 0) return true;
  }
  return location.find("://") != std::string::npos;
}

std::string readSecretFile(const std::string& file, const std::string& what) {
  try {
    Bytes bytes = readFile(file, kPasswordFileMax);
    std::string text(asText(bytes));
    explicit_bzero(bytes.data(), bytes.size());
    return text;
  } catch (Error& error) {
    error.addContext(what);
    throw;
  }
}

}  // namespace

std::unique_ptr<storage::Storage> openStorage(std::string location) {
  if (location.rfind("local:", 0) == 0) location.erase(0, std::strlen("local:"));
  if (hasScheme(location))
    throw Error(ErrorCode::kUnsupported,
                "this version keeps repositories in folders only, not at " +
                    location.substr(0, location.find(':')) + ":...",
                "name a folder; a mounted network folder will do");
  return std::make_unique<storage::LocalStorage>(location);
}

OpenRepository openRepository(std::unique_ptr<storage::Storage> storage, std::string password) {
  OpenRepository open;
  open.storage = std::move(storage);
  open.repository = repository::Repository::open(*open.storage, password);
  explicit_bzero(password.data(), password.size());
  return open;
}

std::string trimmedPassword(std::string text) {
  constexpr const char* kUtf8Bom = "\xEF\xBB\xBF";
  constexpr const char* kSpace = " \t\r\n\v\f";
  if (text.rfind(kUtf8Bom, 0) == 0) text.erase(0, std::strlen(kUtf8Bom));
  text.erase(0, text.find_first_not_of(kSpace));
  text.erase(text.find_last_not_of(kSpace) + 1);
  return text;
}

std::string repositoryPasswordFrom(const std::string& file) {
  std::string text = trimmedPassword(readSecretFile(file, "password file"));
  if (text.empty())
    throw Error(ErrorCode::kUsage, "the password in " + file + " is empty",
                "an empty password protects nothing");
  return text;
}

mariadb::Address withPasswordFrom(const std::string& file, mariadb::Address address) {
  address.password = readSecretFile(file, "database password file");
  address.password.erase(address.password.find_last_not_of("\r\n") + 1);
  return address;
}

}  // namespace enamel::jobs
