#include "repository/polynomial.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>

#include "base/bytes.h"
#include "base/file.h"

namespace enamel::repository {
namespace {

constexpr int kDegree = 53;

int degree(std::uint64_t p) {
  return 63 - std::countl_zero(p);
}

std::uint64_t remainder(std::uint64_t a, std::uint64_t modulus) {
  while (a != 0 && degree(a) >= degree(modulus)) a ^= modulus << (degree(a) - degree(modulus));
  return a;
}

// a*b mod modulus; a and b are reduced, modulus has a degree below 63.
std::uint64_t multiply(std::uint64_t a, std::uint64_t b, std::uint64_t modulus) {
  std::uint64_t product = 0;
  for (; b != 0; b >>= 1) {
    if ((b & 1) != 0) product ^= a;
    a = remainder(a << 1, modulus);
  }
  return product;
}

std::uint64_t greatestCommonDivisor(std::uint64_t a, std::uint64_t b) {
  while (b != 0) {
    const std::uint64_t r = remainder(a, b);
    a = b;
    b = r;
  }
  return a;
}

}  // namespace

// Ben-Or's test: p of degree d is irreducible if and only if gcd(p, x^(2^i) - x) is 1 for all i up to d/2.
bool isIrreducible(std::uint64_t p) {
  if (p < 4 || degree(p) > 62) return false;
  std::uint64_t power = 2;  // x
  for (int i = 1; i <= degree(p) / 2; ++i) {
    power = multiply(power, power, p);
    if (greatestCommonDivisor(p, power ^ 2) != 1) return false;
  }
  return true;
}

std::uint64_t randomPolynomial() {
  for (;;) {
    std::uint64_t p = 0;
    randomBytes({reinterpret_cast<std::uint8_t*>(&p), sizeof p});
    p &= (1ULL << kDegree) - 1;
    p |= 1ULL << kDegree | 1;  // the degree; and divisible by x otherwise
    if (isIrreducible(p)) return p;
  }
}

std::string formatPolynomial(std::uint64_t polynomial) {
  return fmt::format("{:x}", polynomial);
}

std::optional<std::uint64_t> parsePolynomial(std::string_view hex) {
  std::uint64_t p = 0;
  const auto [end, failure] = std::from_chars(hex.data(), hex.data() + hex.size(), p, 16);
  if (failure != std::errc() || end != hex.data() + hex.size() || hex.empty()) return std::nullopt;
  return p;
}

}  // namespace enamel::repository
