#include <algorithm>
#include <memory>

#include "processors/core/processor.h"
#include "processors/core/registry.h"

namespace patchbay {
namespace {

class SplitChannels final : public NativeProcessor<SplitChannels, NoMemory> {
 public:
  static ProcessorSpec Spec() {
    return {
        .name = "split_channels",
        .summary = "Makes a mono clip of every channel.",
        .doc = "As many outputs as the input has channels, in their order.",
        .category = "editing",
        .example = "split_channels",
        .outputs = {{.name = "out", .doc = "One channel each.", .repeated = true}},
    };
  }

  static absl::StatusOr<Layout> Plan(const Parameters&, const StreamFormat& format) {
    Layout layout = {.state_bytes = 64};
    layout.output_channels.assign(format.input_channels[0], 1);
    return layout;
  }

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters&,
                                                                 const StreamFormat&) {
    return std::make_shared<SplitChannels>();
  }

  NoMemory NewMemory() const { return {}; }

  void Run(const ProcessIo& io, NoMemory&) const {
    for (size_t c = 0; c < io.outs.size(); ++c) {
      std::ranges::copy(io.ins[0].channel(static_cast<int>(c)), io.outs[c].channel(0).begin());
    }
  }
};

const Registration<SplitChannels> kSplitChannels;

}  // namespace
}  // namespace patchbay
