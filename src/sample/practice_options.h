#pragma once

#include <cstdint>
#include <string>

#include "sample/schema.h"

namespace enamel::sample {

struct PracticeOptions {
  std::uint64_t patients = 2000;
  std::uint64_t images_mb = 40;  // 10^6 bytes
  Engine engine = Engine::kMyisam;
  std::uint64_t seed = 1;

  friend bool operator==(const PracticeOptions&, const PracticeOptions&) = default;
};

// "myisam", "innodb", "mixed".
std::string engineName(Engine engine);
// Throws Error(kUsage).
Engine parseEngine(const std::string& name);

}  // namespace enamel::sample
