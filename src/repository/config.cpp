#include "repository/config.h"

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "repository/json_read.h"
#include "repository/polynomial.h"

namespace enamel::repository {

Bytes encodeConfig(const Config& config) {
  const nlohmann::ordered_json json = {{"version", config.version},
                                       {"id", config.id},
                                       {"chunker_polynomial", formatPolynomial(config.chunker_polynomial)}};
  return toBytes(asBytes(json.dump()));
}

Config decodeConfig(ByteView json) {
  return readJson(json, "the repository's config", [](const JsonObject& object) {
    Config config;
    config.version = number32Member(object, "version");
    config.id = stringMember(object, "id");
    const auto polynomial = parsePolynomial(stringMember(object, "chunker_polynomial"));
    if (config.version > 2) {
      throw Error(ErrorCode::kUnsupported,
                  "the repository has format version " + std::to_string(config.version) +
                      ", this Enamel knows 1 and 2",
                  "use a newer Enamel, or the program that made it");
    }
    if (config.version == 0 || config.id.empty() || !polynomial) {
      throw Error(ErrorCode::kCorrupt,
                  "the repository's config is damaged: version, id or polynomial is missing");
    }
    config.chunker_polynomial = *polynomial;
    return config;
  });
}

Config makeConfig() {
  std::uint8_t id[32];
  randomBytes(id);
  return {.version = 2, .id = toHex(id), .chunker_polynomial = randomPolynomial()};
}

}  // namespace enamel::repository
