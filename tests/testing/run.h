#ifndef TESTS_TESTING_RUN_H_
#define TESTS_TESTING_RUN_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/core/processor.h"

namespace patchbay::testing {

struct RunOptions {
  // The calls' lengths, cycled; a call is never longer than kMaxFrames. Positive.
  std::vector<int> chunk_frames = {kMaxFrames};
  // Values per frame for parameters that move, as long as the run.
  std::map<std::string, std::vector<float>> automation;
  // Gives automated parameters of rate block as values per frame, to a processor that
  // takes_held_controls, instead of holding them for 32 frames.
  bool hold_controls = false;
  // Frames to render; -1: the input (or a generator's length) plus latency and tail.
  int64_t num_frames = -1;
  // For a generator.
  int sample_rate_hz = 48000;
  // Saves the State at this frame and goes on in a fresh one that loads it; -1: no.
  int64_t reload_at_frame = -1;
};

struct RunResult {
  Layout layout;
  std::vector<Clip> outs;                        // latency not compensated
  std::vector<std::vector<float>> control_outs;  // a value per frame
};

// Runs one processor by itself, without the engine: `inputs` (one per port; all of one length),
// then silence. The end of the input is told once it is reached. Parameters of rate block that are
// automated are held for 32 frames.
absl::StatusOr<RunResult> Run(const std::string& processor,
                              const std::map<std::string, ParameterValue>& parameters,
                              const std::vector<Clip>& inputs, const RunOptions& options = {});

// As Run; fails the test and returns an empty result on an error.
RunResult RunOrDie(const std::string& processor,
                   const std::map<std::string, ParameterValue>& parameters,
                   const std::vector<Clip>& inputs, const RunOptions& options = {});

}  // namespace patchbay::testing

#endif  // TESTS_TESTING_RUN_H_
