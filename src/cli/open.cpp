#include "cli/open.h"

#include <cstring>

#include "base/file.h"
#include "cli/password.h"
#include "storage/local.h"

namespace enamel::cli {
namespace {

std::string firstLine(const std::string& file) {
  const Bytes bytes = readFile(file, 64 << 10);
  const std::string text(asText(bytes));
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return {};
  std::string line = text.substr(begin, text.find_first_of("\r\n", begin) - begin);
  line.erase(line.find_last_not_of(" \t") + 1);
  return line;
}

bool hasScheme(const std::string& location) {
  for (const char* scheme : {"rest:", "sftp:", "s3:", "b2:", "azure:", "gs:", "swift:", "rclone:"}) {
    if (location.rfind(scheme, 0) == 0) return true;
  }
  return location.find("://") != std::string::npos;
}

}  // namespace

std::string repositoryLocation(const Context& context) {
  if (!context.shared.repository.empty()) return context.shared.repository;
  if (const auto location = context.environment("ENAMEL_REPOSITORY")) return *location;
  if (const auto location = context.environment("RESTIC_REPOSITORY")) return *location;
  if (const auto file = context.environment("RESTIC_REPOSITORY_FILE")) {
    if (std::string location = firstLine(*file); !location.empty()) return location;
  }
  throw Error(ErrorCode::kUsage, "no repository was named", "give -r REPO or set ENAMEL_REPOSITORY");
}

std::unique_ptr<storage::Storage> openStorage(const Context& context) {
  std::string location = repositoryLocation(context);
  if (location.rfind("local:", 0) == 0) location.erase(0, std::strlen("local:"));
  if (hasScheme(location))
    throw Error(ErrorCode::kUnsupported,
                "this version keeps repositories in folders only, not at " +
                    location.substr(0, location.find(':')) + ":...",
                "name a folder; a mounted network folder will do");
  return std::make_unique<storage::LocalStorage>(location);
}

OpenRepository openRepository(const Context& context) {
  OpenRepository open;
  open.storage = openStorage(context);
  std::string password = repositoryPassword(context);
  open.repository = repository::Repository::open(*open.storage, password);
  explicit_bzero(password.data(), password.size());
  return open;
}

}  // namespace enamel::cli
