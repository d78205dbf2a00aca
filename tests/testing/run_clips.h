#ifndef TESTS_TESTING_RUN_CLIPS_H_
#define TESTS_TESTING_RUN_CLIPS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/testing/run.h"

namespace patchbay::testing {

// Runs one processor of timing resizing or whole clip by itself, without the engine. Of the options,
// a resizing processor honours chunk_frames and automation. One that is not repeated is given one
// clip.
absl::StatusOr<std::vector<Clip>> RunClips(const std::string& processor,
                                           const std::map<std::string, ParameterValue>& parameters,
                                           const std::vector<Clip>& inputs,
                                           const RunOptions& options = {});

// As RunClips; fails the test and returns nothing on an error.
std::vector<Clip> RunClipsOrDie(const std::string& processor,
                                const std::map<std::string, ParameterValue>& parameters,
                                const std::vector<Clip>& inputs, const RunOptions& options = {});

}  // namespace patchbay::testing

#endif  // TESTS_TESTING_RUN_CLIPS_H_
