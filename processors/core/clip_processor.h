#ifndef PROCESSORS_CORE_CLIP_PROCESSOR_H_
#define PROCESSORS_CORE_CLIP_PROCESSOR_H_

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/core/clip.h"
#include "processors/core/processor.h"

namespace patchbay {

// Told the part of the work that is done, 0 to 1, every few milliseconds of long work. If it
// returns an error (CANCELLED, DEADLINE_EXCEEDED), stop and return that.
using Progress = std::function<absl::Status(double)>;

// Timing whole clip: sees its input to the end.
class ClipProcessor : public Processor {
 public:
  // `clips` are those of the input port: one, unless it is repeated. Clips put out have any number,
  // length and channels; the sample rate is that of the StreamFormat. Thread-safe.
  virtual absl::StatusOr<std::vector<Clip>> Run(std::vector<Clip> clips,
                                                const Progress& progress) const = 0;
};

}  // namespace patchbay

#endif  // PROCESSORS_CORE_CLIP_PROCESSOR_H_
