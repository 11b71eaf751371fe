#include "cli/open.h"

#include <utility>

#include "base/file.h"
#include "cli/password.h"

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
  return jobs::openStorage(repositoryLocation(context));
}

OpenRepository openRepository(const Context& context) {
  auto storage = openStorage(context);
  return jobs::openRepository(std::move(storage), repositoryPassword(context));
}

}  // namespace enamel::cli
