#include "service/migrations.h"

#include <string>

#include "base/error.h"

namespace enamel::service {
namespace {

void requireSound(Database& database) {
  std::string verdict;
  database.query("PRAGMA quick_check(1)", {}, [&](const Row& row) { verdict = row.text(0); });
  if (verdict == "ok") return;
  throw Error(
      ErrorCode::kCorrupt, database.path().string() + " is damaged: " + verdict,
      "put a copy of the state folder back, or move the file aside and keep it: the service then starts "
      "with an empty state, and the backups in the repository are not touched by that");
}

}  // namespace

void migrate(Database& database, std::span<const Migration> migrations) {
  requireSound(database);
  const std::int64_t version = database.integer("PRAGMA user_version").value_or(0);
  const auto newest = static_cast<std::int64_t>(migrations.size());
  if (version < 0 || version > newest)
    throw Error(ErrorCode::kUnsupported,
                database.path().string() + " is of version " + std::to_string(version) +
                    ", and this Enamel knows versions up to " + std::to_string(newest),
                "install the Enamel that wrote it, or a newer one");
  for (std::int64_t number = version + 1; number <= newest; ++number) {
    const Migration& migration = migrations[static_cast<std::size_t>(number - 1)];
    try {
      database.transaction([&] {
        database.executeScript(migration.sql);
        database.executeScript("PRAGMA user_version=" + std::to_string(number));
      });
    } catch (Error& error) {
      error.addContext("change the state to version " + std::to_string(number) + " (" +
                       std::string(migration.what) + ")");
      throw;
    }
  }
}

}  // namespace enamel::service
