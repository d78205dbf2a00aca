// How soon a cancellation is seen: the longest time between two looks at it, while processors that
// do not stream work on five minutes of stereo noise at 48 kHz.
//
//   looks [DESCRIPTION ...]     text form; without any: the example of every such processor
//
// Prints a line each: milliseconds between looks, seconds of work in all, and the Description.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "processors/core/registry.h"
#include "processors/graph/pipeline_test_harness.h"

namespace patchbay::benchmarks {
namespace {

constexpr int kChannels = 2;
constexpr int64_t kFrames = 300 * testing::kRate;
constexpr int kChunkFrames = 1 << 16;

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Looks {
  double last = Now();
  double longest = 0;

  void Look() {
    const double now = Now();
    longest = std::max(longest, now - last);
    last = now;
  }
};

absl::Status Run(const std::string& text, const Clip& signal, Looks& looks) {
  const auto made = testing::Make(text, {kChannels});
  if (!made.ok()) return made.status();
  Pipeline& pipeline = **made;
  looks = {};
  for (int64_t first = 0; first < signal.num_frames(); first += kChunkFrames) {
    const int count =
        static_cast<int>(std::min<int64_t>(kChunkFrames, signal.num_frames() - first));
    const ConstBlock in = signal.Frames(first, count);
    const absl::Status status = pipeline.Push({&in, 1}, count);
    if (!status.ok()) return status;
    if (first + count == signal.num_frames()) pipeline.End();
    for (bool more = true; more;) {
      looks.Look();
      const auto worked = pipeline.Work([&](const NodeWork&) {
        looks.Look();
        return absl::OkStatus();
      });
      if (!worked.ok()) return worked.status();
      more = *worked;
    }
    looks.Look();
  }
  return absl::OkStatus();
}

std::vector<std::string> Examples() {
  std::vector<std::string> examples;
  for (const ProcessorType* type : Registry::Global().All()) {
    if (type->spec.timing != Timing::kStreaming) examples.push_back(type->spec.example);
  }
  return examples;
}

}  // namespace
}  // namespace patchbay::benchmarks

int main(int argc, char** argv) {
  using namespace patchbay::benchmarks;
  const patchbay::Clip signal =
      patchbay::testing::Noise({patchbay::testing::kRate, kChannels, kFrames});
  const std::vector<std::string> texts =
      argc > 1 ? std::vector<std::string>(argv + 1, argv + argc) : Examples();
  std::printf("ms between looks  seconds in all  description\n");
  for (const std::string& text : texts) {
    Looks looks;
    const double start = Now();
    const absl::Status status = Run(text, signal, looks);
    const double seconds = Now() - start;
    if (status.ok()) {
      std::printf("%16.1f  %14.2f  %s\n", looks.longest * 1e3, seconds, text.c_str());
    } else {
      std::printf("%s: %s\n", text.c_str(), std::string(status.message()).c_str());
    }
    std::fflush(stdout);
  }
}
