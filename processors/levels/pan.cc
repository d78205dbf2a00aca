#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/core/finite.h"
#include "processors/core/processor.h"
#include "processors/core/registry.h"

namespace patchbay {
namespace {

// sin(pi x / 2) for x in [0, 1], within 3e-7; exact at both ends. A minimax polynomial, without
// calls, so that a loop over frames is vectorised.
float QuarterSine(float x) {
  const float u = x * x;
  float sum = 0.000150820615f;
  sum = sum * u - 0.00467222804f;
  sum = sum * u + 0.0796884806f;
  sum = sum * u - 0.64596336f;
  sum = sum * u + 1.57079637f;
  sum *= x;
  return sum < 1.0f ? sum : 1.0f;
}

// The two curves of a law: Fade(0) = 0, Fade(1) = 1.
struct ConstantPower {
  static float Fade(float x) { return QuarterSine(x); }
};
struct Linear {
  static float Fade(float x) { return x; }
};

// left = left_to_left * left + right_to_left * right, and so on. A mono input is the left one.
struct Gains {
  float left_to_left, right_to_left, left_to_right, right_to_right;
};

template <typename Law>
struct PanMono {
  static Gains At(float position) {
    const float x = 0.5f + 0.5f * position;
    return {Law::Fade(1 - x), 0, Law::Fade(x), 0};
  }
};

// The channel that the position leaves is faded into the other.
template <typename Law>
struct PanStereo {
  static Gains At(float position) {
    const bool to_left = position < 0;
    const float distance = to_left ? -position : position;
    const float kept = Law::Fade(1 - distance);
    const float moved = Law::Fade(distance);
    return {to_left ? 1 : kept, to_left ? moved : 0, to_left ? 0 : moved, to_left ? kept : 1};
  }
};

struct BalanceMono {
  static Gains At(float position) {
    return {position < 0 ? 1 : 1 - position, 0, position < 0 ? 1 + position : 1, 0};
  }
};

struct BalanceStereo {
  static Gains At(float position) {
    return {position < 0 ? 1 : 1 - position, 0, 0, position < 0 ? 1 + position : 1};
  }
};

// `right` is `left` if the input is mono.
template <typename Law>
void Apply(const float* left, const float* right, Control position, Block out) {
  float* out_left = out.channel(0).data();
  float* out_right = out.channel(1).data();
  const auto mix = [&](int i, const Gains& gains) {
    const float l = left[i];
    const float r = right[i];
    out_left[i] = Finite(gains.left_to_left * l + gains.right_to_left * r);
    out_right[i] = Finite(gains.left_to_right * l + gains.right_to_right * r);
  };
  if (position.is_constant()) {
    const Gains gains = Law::At(position.constant());
    for (int i = 0; i < out.num_frames(); ++i) mix(i, gains);
  } else {
    const float* positions = position.values().data();
    for (int i = 0; i < out.num_frames(); ++i) mix(i, Law::At(positions[i]));
  }
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
    return std::make_shared<Pan>(Choose(parameters.choice("law"), format.input_channels[0] == 2));
  }

  using ApplyFunction = void (*)(const float*, const float*, Control, Block);

  explicit Pan(ApplyFunction apply) : apply_(apply) {}

  NoMemory NewMemory() const { return {}; }

  void Run(const ProcessIo& io, NoMemory&) const {
    const ConstBlock in = io.ins[0];
    apply_(in.channel(0).data(), in.channel(in.num_channels() - 1).data(), io.controls[kPosition],
           io.outs[0]);
  }

 private:
  static constexpr int kPosition = 0;

  static ApplyFunction Choose(const std::string& law, bool stereo) {
    if (law == "balance") return stereo ? &Apply<BalanceStereo> : &Apply<BalanceMono>;
    if (law == "linear") return stereo ? &Apply<PanStereo<Linear>> : &Apply<PanMono<Linear>>;
    return stereo ? &Apply<PanStereo<ConstantPower>> : &Apply<PanMono<ConstantPower>>;
  }

  const ApplyFunction apply_;
};

const Registration<Pan> kPan;

}  // namespace
}  // namespace patchbay
