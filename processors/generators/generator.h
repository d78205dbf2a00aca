#ifndef PROCESSORS_GENERATORS_GENERATOR_H_
#define PROCESSORS_GENERATORS_GENERATOR_H_

#include <cstdint>

#include "processors/core/parameters.h"
#include "processors/core/processor.h"

namespace patchbay {

// What generators have in common: the parameters `duration_seconds` and `channels`.

ParameterSpec DurationParameter();
ParameterSpec ChannelsParameter();

// One output with `channels` channels and the length that duration_seconds asks for: the nearest
// whole number of frames, at least one.
Layout GeneratorLayout(const Parameters& parameters, int sample_rate_hz);

// Silences what lies past the end, as an engine asks for when later nodes have latency or a tail.
class EndOfGenerator {
 public:
  explicit EndOfGenerator(const Layout& layout);

  void Silence(const ProcessIo& io) const;

 private:
  const int64_t end_frame_;
};

}  // namespace patchbay

#endif  // PROCESSORS_GENERATORS_GENERATOR_H_
