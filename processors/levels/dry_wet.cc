#include <algorithm>
#include <array>
#include <memory>

#include "absl/strings/str_cat.h"
#include "processors/core/balance.h"
#include "processors/core/errors.h"
#include "processors/core/finite.h"
#include "processors/core/processor.h"
#include "processors/core/registry.h"

namespace patchbay {
namespace {

class DryWet final : public NativeProcessor<DryWet, NoMemory> {
 public:
  static ProcessorSpec Spec() {
    return {
        .name = "dry_wet",
        .summary = "Cross-fades between two versions of the same audio.",
        .doc =
            "out = dry + balance * (wet - dry), frame by frame; both are aligned first. The "
            "argument balance of any other processor is a short way to it. A mono version goes "
            "with any number of channels.",
        .category = "levels",
        .example = "dry_wet(wet=in[1], balance=0.5)",
        .inputs = {{.name = "dry", .doc = "What is heard at balance 0."},
                   {.name = "wet", .doc = "What is heard at balance 1."}},
        .parameters = {BalanceParameter()},
    };
  }

  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format) {
    const int dry = format.input_channels[0];
    const int wet = format.input_channels[1];
    if (dry != wet && dry != 1 && wet != 1) {
      return InvalidArgument(
          absl::StrCat(parameters.node(), " cannot balance ", dry, " channels against ", wet,
                       ": give both as many, or make one of them mono"),
          {.path = absl::StrCat(parameters.node(), ".wet"),
           .value = absl::StrCat(wet, " channels"),
           .allowed = absl::StrCat("1 or ", dry, " channels")});
    }
    return Layout{.output_channels = {std::max(dry, wet)}, .state_bytes = 64};
  }

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters&,
                                                                 const StreamFormat&) {
    return std::make_shared<DryWet>();
  }

  NoMemory NewMemory() const { return {}; }

  void Run(const ProcessIo& io, NoMemory&) const {
    std::array<float, kMaxFrames> balance;
    for (int i = 0; i < io.num_frames; ++i) balance[i] = io.controls[0][i];
    for (int c = 0; c < io.outs[0].num_channels(); ++c) {
      const std::span<const float> dry = io.ins[0].channel(std::min(c, LastChannel(io.ins[0])));
      const std::span<const float> wet = io.ins[1].channel(std::min(c, LastChannel(io.ins[1])));
      const std::span<float> out = io.outs[0].channel(c);
      for (int i = 0; i < io.num_frames; ++i) {
        out[i] = Finite(dry[i] * (1 - balance[i]) + wet[i] * balance[i]);
      }
    }
  }

 private:
  static int LastChannel(ConstBlock block) { return block.num_channels() - 1; }
};

const Registration<DryWet> kDryWet;

}  // namespace
}  // namespace patchbay
