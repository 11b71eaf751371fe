#pragma once

#include <cstdint>
#include <string>

namespace enamel::sample {

// A day, counted from 1970-01-01.
using Day = std::int64_t;

// What an old row holds where nobody entered a date: 0000-00-00.
constexpr Day kZeroDay = INT64_MIN;
// Open Dental's own "not set": 0001-01-01.
constexpr Day kUnsetDay = -719162;
// The sample practice's last day at work, 2026-11-20: fixed, so that one seed gives one practice.
constexpr Day kLastDay = 20777;
// It opened twelve years before.
constexpr Day kFirstDay = kLastDay - 4383;

// Appends "2026-11-20".
void appendDate(std::string& out, Day day);
// Appends "2026-11-20 08:15:00".
void appendDateTime(std::string& out, Day day, std::int64_t second);

}  // namespace enamel::sample
