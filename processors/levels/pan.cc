#include <array>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/core/processor.h"
#include "processors/core/registry.h"
#include "processors/levels/pan_law.h"

namespace patchbay {
namespace {

PanLaw LawOf(const std::string& choice) {
  if (choice == "linear") return PanLaw::kLinear;
  if (choice == "balance") return PanLaw::kBalance;
  return PanLaw::kConstantPower;
}

class Pan final : public NativeProcessor<Pan, NoMemory> {
 public:
  static ProcessorSpec Spec() {
    return {
        .name = "pan",
        .summary = "Places sound between left and right.",
        .doc =
            "Mono in: constant_power has gains of cos and sin, 3 dB down in the centre; linear "
            "has gains that add up to 1, 6 dB down in the centre; balance leaves the nearer side "
            "at 1. Stereo in: constant_power and linear fade the channel that the position "
            "leaves into the other, so that nothing is lost (as StereoPannerNode of the Web "
            "Audio API); balance only turns that channel down. Stereo in the centre is "
            "unchanged. Stereo out.",
        .category = "levels",
        .example = "pan(position=-0.5)",
        .inputs = {{.name = "in", .doc = "Mono or stereo.", .max_channels = 2}},
        .outputs = {{.name = "out", .doc = "Stereo.", .min_channels = 2, .max_channels = 2}},
        .parameters =
            {
                {
                    .name = "position",
                    .minimum = -1,
                    .maximum = 1,
                    .default_value = 0,
                    .rate = Rate::kAudio,
                    .smoothing_seconds = 0.01,
                    .doc = "-1 is left, 0 the centre, 1 right.",
                },
                {
                    .name = "law",
                    .type = ParameterType::kChoice,
                    .choices = {"constant_power", "linear", "balance"},
                    .doc = "How the gains follow the position.",
                },
            },
    };
  }

  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format) {
    if (format.input_channels[0] > 2) {
      return InvalidArgument(
          absl::StrCat(parameters.node(), " takes mono or stereo, not ", format.input_channels[0],
                       " channels: choose or mix channels before it"),
          {.path = absl::StrCat(parameters.node(), ".in"),
           .value = absl::StrCat(format.input_channels[0], " channels"),
           .allowed = "1 or 2 channels"});
    }
    return Layout{.output_channels = {2}, .state_bytes = 64};
  }

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters& parameters,
                                                                 const StreamFormat& format) {
    return std::make_shared<Pan>(LawOf(parameters.choice("law")));
  }

  explicit Pan(PanLaw law) : law_(law) {}

  NoMemory NewMemory() const { return {}; }

  void Run(const ProcessIo& io, NoMemory&) const {
    ApplyPan(law_, io.controls[kPosition], io.ins[0], io.outs[0]);
  }

 private:
  static constexpr int kPosition = 0;

  const PanLaw law_;
};

const Registration<Pan> kPan;

}  // namespace
}  // namespace patchbay
