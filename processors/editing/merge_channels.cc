#include <algorithm>
#include <memory>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/core/processor.h"
#include "processors/core/registry.h"

namespace patchbay {
namespace {

class MergeChannels final : public NativeProcessor<MergeChannels, NoMemory> {
 public:
  static ProcessorSpec Spec() {
    return {
        .name = "merge_channels",
        .summary = "Makes one clip of the channels of all inputs.",
        .doc =
            "The channels of the first input, then those of the second, and so on: two mono inputs "
            "make a stereo clip.",
        .category = "editing",
        .example = "merge_channels",
        .inputs = {{.name = "in", .doc = "The channels.", .repeated = true}},
    };
  }

  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format) {
    const int64_t num_channels =
        std::accumulate(format.input_channels.begin(), format.input_channels.end(), int64_t{0});
    const int max_channels = parameters.spec().outputs[0].max_channels;
    if (num_channels > max_channels) {
      return InvalidArgument(
          absl::StrCat(parameters.node(), ": the inputs have ", num_channels,
                       " channels together: at most ", max_channels, " can be merged"),
          {.path = absl::StrCat(parameters.node(), ".in"),
           .value = absl::StrCat(num_channels, " channels"),
           .allowed = absl::StrCat("up to ", max_channels, " channels")});
    }
    return Layout{.output_channels = {static_cast<int>(num_channels)}, .state_bytes = 64};
  }

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters&,
                                                                 const StreamFormat&) {
    return std::make_shared<MergeChannels>();
  }

  NoMemory NewMemory() const { return {}; }

  void Run(const ProcessIo& io, NoMemory&) const {
    int to = 0;
    for (const ConstBlock& in : io.ins) {
      for (int c = 0; c < in.num_channels(); ++c) {
        std::ranges::copy(in.channel(c), io.outs[0].channel(to++).begin());
      }
    }
  }
};

const Registration<MergeChannels> kMergeChannels;

}  // namespace
}  // namespace patchbay
