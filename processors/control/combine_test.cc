#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

constexpr int kFrames = 1000;

std::vector<float> Wave(uint64_t seed) {
  const Clip clip = Noise({.num_channels = 1, .num_frames = kFrames}, seed, 10.0f);
  return {clip.channel(0).begin(), clip.channel(0).end()};
}

std::vector<float> Combined(const std::string& operation, double a, double b,
                            const std::map<std::string, std::vector<float>>& automation = {}) {
  return RunOrDie("combine", {{"operation", operation}, {"a", a}, {"b", b}}, {},
                  {.automation = automation, .num_frames = kFrames})
      .control_outs[0];
}

struct Case {
  const char* operation;
  std::function<float(float, float)> expected;
};

const Case kCases[] = {
    {"add", [](float x, float y) { return x + y; }},
    {"subtract", [](float x, float y) { return x - y; }},
    {"multiply", [](float x, float y) { return x * y; }},
    {"divide", [](float x, float y) { return x / y; }},
    {"minimum", [](float x, float y) { return std::min(x, y); }},
    {"maximum", [](float x, float y) { return std::max(x, y); }},
};

TEST(CombineTest, ComputesEveryFrame) {
  const std::vector<float> a = Wave(1), b = Wave(2);
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.operation);
    const std::vector<float> both = Combined(c.operation, 0, 0, {{"a", a}, {"b", b}});
    const std::vector<float> left = Combined(c.operation, 0, 2.5, {{"a", a}});
    const std::vector<float> right = Combined(c.operation, -2.5, 0, {{"b", b}});
    const std::vector<float> none = Combined(c.operation, -2.5, 1.5);
    for (int i = 0; i < kFrames; ++i) {
      ASSERT_EQ(both[i], c.expected(a[i], b[i])) << "frame " << i;
      ASSERT_EQ(left[i], c.expected(a[i], 2.5f)) << "frame " << i;
      ASSERT_EQ(right[i], c.expected(-2.5f, b[i])) << "frame " << i;
      ASSERT_EQ(none[i], c.expected(-2.5f, 1.5f)) << "frame " << i;
    }
  }
}

TEST(CombineTest, DivisionByZeroIsFinite) {
  EXPECT_EQ(Combined("divide", 0, 0)[0], 0.0f);
  EXPECT_FLOAT_EQ(Combined("divide", 1, 0)[0], 1e12f);
  EXPECT_FLOAT_EQ(Combined("divide", 1e6, -1e-30)[0], -1e18f);
}

}  // namespace
}  // namespace patchbay::testing
