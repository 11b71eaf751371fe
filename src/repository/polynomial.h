#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace enamel::repository {

// Polynomials over GF(2), bit i the coefficient of x^i. restic keeps a random irreducible one of degree 53 in
// the config for its Rabin chunker, and refuses a repository whose polynomial is not irreducible.

// A random irreducible polynomial of degree 53.
std::uint64_t randomPolynomial();
bool isIrreducible(std::uint64_t polynomial);

std::string formatPolynomial(std::uint64_t polynomial);
std::optional<std::uint64_t> parsePolynomial(std::string_view hex);

}  // namespace enamel::repository
