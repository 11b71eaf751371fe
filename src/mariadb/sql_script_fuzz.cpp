#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/error.h"
#include "mariadb/sql_script.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    for (const enamel::mariadb::Statement& statement : enamel::mariadb::splitScript(text, "fuzz.sql")) {
      // Rewriting a statement may not turn it into one of another kind.
      const std::string own = enamel::mariadb::withoutDefiner(statement.text);
      const std::string other = enamel::mariadb::replaceSchema(statement, "a", "b");
      if (own.size() > statement.text.size()) std::abort();
      if (enamel::mariadb::classifyStatement(other, statement.escapes).kind !=
          enamel::mariadb::classifyStatement(statement.text, statement.escapes).kind) {
        std::abort();
      }
    }
  } catch (const enamel::Error& e) {
    if (e.code() != enamel::ErrorCode::kCorrupt) std::abort();
  }
  return 0;
}
