#include "repository/compression.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

namespace enamel::repository {
namespace {

constexpr std::size_t kBytes = 200'000;

// Independent bytes, the higher values rarer the larger `skew` is. Seeded: always the same.
Bytes noise(double skew) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> unit(0, 1);
  Bytes out(kBytes);
  for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(255.99 * std::pow(unit(random), skew));
  return out;
}

double savedByZstd(ByteView data) {
  Bytes out;
  return compress(data, 2, out) ? 1 - static_cast<double>(out.size()) / static_cast<double>(data.size()) : 0;
}

TEST(LooksCompressible, NotWhatWouldSaveNextToNothing) {
  const Bytes random = noise(1);
  const Bytes dense = noise(1.5);  // like a JPEG's scans: 7.8 bits a byte
  EXPECT_LT(savedByZstd(dense), 0.04);
  EXPECT_FALSE(looksCompressible(random));
  EXPECT_FALSE(looksCompressible(dense));
}

TEST(LooksCompressible, WhatHasFewValuesOrRepeatsItself) {
  EXPECT_TRUE(looksCompressible(noise(3)));
  std::string text;
  for (int i = 0; text.size() < kBytes; ++i) text += "patient " + std::to_string(i * 7919) + ", ";
  EXPECT_TRUE(looksCompressible(asBytes(text)));

  // Every value as often as any other, but the same 300 bytes again and again.
  Bytes repeated = noise(1);
  for (std::size_t i = 300; i < repeated.size(); ++i) repeated[i] = repeated[i - 300];
  EXPECT_GT(savedByZstd(repeated), 0.9);
  EXPECT_TRUE(looksCompressible(repeated));
}

TEST(LooksCompressible, LittleIsAlwaysTried) {
  const Bytes random = noise(1);
  EXPECT_TRUE(looksCompressible(ByteView(random).first(0)));
  EXPECT_TRUE(looksCompressible(ByteView(random).first(1000)));
}

}  // namespace
}  // namespace enamel::repository
