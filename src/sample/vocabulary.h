#pragma once

#include <array>
#include <string_view>

namespace enamel::sample {

struct ProcedureKind {
  std::string_view code;
  std::string_view name;
  std::string_view short_name;
  int fee_cents;
};

// Invented people and the words a dental office writes all day.
extern const std::array<std::string_view, 64> kLastNames;
extern const std::array<std::string_view, 64> kFirstNames;
extern const std::array<std::string_view, 16> kStreets;
extern const std::array<std::string_view, 12> kCities;
extern const std::array<std::string_view, 24> kNotePhrases;
extern const std::array<std::string_view, 12> kCarriers;
extern const std::array<std::string_view, 12> kMedications;
extern const std::array<std::string_view, 8> kAllergies;
extern const std::array<std::string_view, 8> kComputers;
extern const std::array<ProcedureKind, 24> kProcedures;

}  // namespace enamel::sample
