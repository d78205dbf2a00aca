#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/core/finite.h"
#include "processors/core/processor.h"
#include "processors/core/registry.h"

namespace patchbay {
namespace {

class Mix final : public NativeProcessor<Mix, NoMemory> {
 public:
  static ProcessorSpec Spec() {
    return {
        .name = "mix",
        .summary = "Adds up any number of inputs.",
        .doc =
            "out = the sum of weights[i] * in[i]. Without weights every input counts 1, as on the "
            "bus of a mixing console: two equal inputs are 6 dB louder. Inputs have equal "
            "numbers of channels, or one: a mono input is added to every channel.",
        .category = "levels",
        .example = "mix(weights=[0.5, 0.5])",
        .inputs = {{.name = "in", .doc = "The audio to add up.", .repeated = true}},
        .parameters = {{
            .name = "weights",
            .type = ParameterType::kNumberList,
            .minimum = -100,
            .maximum = 100,
            .doc = "A factor for every input; empty: 1 for each.",
        }},
    };
  }

  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format) {
    const size_t num_inputs = format.input_channels.size();
    const size_t num_weights = parameters.numbers("weights").size();
    if (num_weights != 0 && num_weights != num_inputs) {
      return parameters.Error("weights",
                              absl::StrCat("has ", num_weights, " numbers for ", num_inputs,
                                           " inputs: give one for each, or none at all"));
    }
    const int num_channels = *std::ranges::max_element(format.input_channels);
    for (size_t i = 0; i < num_inputs; ++i) {
      const int given = format.input_channels[i];
      if (given == 1 || given == num_channels) continue;
      return InvalidArgument(
          absl::StrCat(parameters.node(), ".in[", i, "] has ", given,
                       " channels, which do not go with the ", num_channels,
                       " of another input: inputs must be mono or have equal numbers of channels"),
          {.path = absl::StrCat(parameters.node(), ".in[", i, "]"),
           .value = absl::StrCat(given, " channels"),
           .allowed = absl::StrCat("1 or ", num_channels, " channels")});
    }
    return Layout{.output_channels = {num_channels},
                  .state_bytes = 64,
                  .shared_bytes = static_cast<int64_t>(num_inputs * sizeof(float))};
  }

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters& parameters,
                                                                 const StreamFormat& format) {
    return std::make_shared<Mix>(parameters, format);
  }

  Mix(const Parameters& parameters, const StreamFormat& format)
      : weights_(format.input_channels.size(), 1.0f) {
    std::ranges::copy(parameters.numbers("weights"), weights_.begin());
  }

  NoMemory NewMemory() const { return {}; }

  void Run(const ProcessIo& io, NoMemory&) const {
    const Block out = io.outs[0];
    Fill(out, 0);
    for (size_t i = 0; i < weights_.size(); ++i) {
      const float weight = weights_[i];
      for (int c = 0; c < out.num_channels(); ++c) {
        const float* samples = io.ins[i].channel(io.ins[i].num_channels() == 1 ? 0 : c).data();
        float* sum = out.channel(c).data();
        for (int k = 0; k < io.num_frames; ++k) sum[k] = Finite(sum[k] + weight * samples[k]);
      }
    }
  }

 private:
  std::vector<float> weights_;
};

const Registration<Mix> kMix;

}  // namespace
}  // namespace patchbay
