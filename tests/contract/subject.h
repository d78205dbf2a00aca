#ifndef TESTS_CONTRACT_SUBJECT_H_
#define TESTS_CONTRACT_SUBJECT_H_

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/graph/engine.h"

namespace patchbay::testing {

// A Description under test with audio for it, made from nothing but the processor's table.
struct Subject {
  v1::Expression expression;
  PlanInputs inputs;
  std::vector<Clip> audio;  // per input

  absl::StatusOr<std::unique_ptr<Engine>> NewEngine() const;
};

// A call of `processor` with its defaults, `num_channels` a channel count for every input, and
// short noise as audio. Generators get a short duration, clips a short decaying noise.
Subject MakeSubject(const ProcessorSpec& processor, int num_channels, int sample_rate_hz = 48000);

// Sets every parameter: to its minimum (where = 0), its maximum (1), or at random.
enum class Where { kMinimum, kMaximum, kRandom };
void SetParameters(const ProcessorSpec& processor, Where where, std::mt19937_64& random,
                   Subject& subject);

// A change of a moving parameter at a frame.
struct Change {
  std::string parameter;
  double value;
  int64_t frame;
};
// One to three random changes of every moving parameter within num_frames.
std::vector<Change> RandomChanges(const ProcessorSpec& processor, int64_t num_frames,
                                  std::mt19937_64& random);

// All that an engine puts out, latency and tail included.
struct Output {
  std::vector<std::vector<float>> samples;  // output by output, channel by channel
  std::vector<std::vector<float>> controls;
  bool operator==(const Output&) const = default;  // the same bits, but for -0 and 0
};
struct Play {
  int chunk_frames = 256;
  std::vector<Change> changes;
  int64_t reload_at_frame = -1;  // saves, and goes on in a new engine
  int64_t extra_frames = 0;      // beyond the declared tail
};
// Runs a subject to its end through `engine`, which may be replaced by a new one.
Output Render(const Subject& subject, std::unique_ptr<Engine>& engine, const Play& play);
// The same through a new engine.
Output Render(const Subject& subject, const Play& play);

bool IsFinite(const Output& output);
float Peak(std::span<const float> samples);

}  // namespace patchbay::testing

#endif  // TESTS_CONTRACT_SUBJECT_H_
