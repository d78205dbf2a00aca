#include "processors/levels/pan_law.h"

#include "processors/core/finite.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "processors/levels/pan_law.cc"
#include "hwy/foreach_target.h"  // before highway.h
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace patchbay {
namespace HWY_NAMESPACE {
namespace {

// sin(pi x / 2) for x in [0, 1], within 3e-7; exact at both ends. A minimax polynomial, without
// calls, so that a loop over frames is vectorised.
HWY_INLINE float QuarterSine(float x) {
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
  static HWY_INLINE float Fade(float x) { return QuarterSine(x); }
};
struct Linear {
  static HWY_INLINE float Fade(float x) { return x; }
};

// left = left_to_left * left + right_to_left * right, and so on. A mono input is the left one.
struct Gains {
  float left_to_left, right_to_left, left_to_right, right_to_right;
};

template <typename Law>
struct PanMono {
  static HWY_INLINE Gains At(float position) {
    const float x = 0.5f + 0.5f * position;
    return {Law::Fade(1 - x), 0, Law::Fade(x), 0};
  }
};

// The channel that the position leaves is faded into the other.
template <typename Law>
struct PanStereo {
  static HWY_INLINE Gains At(float position) {
    const bool to_left = position < 0;
    const float distance = to_left ? -position : position;
    const float kept = Law::Fade(1 - distance);
    const float moved = Law::Fade(distance);
    return {to_left ? 1 : kept, to_left ? moved : 0, to_left ? 0 : moved, to_left ? kept : 1};
  }
};

struct BalanceMono {
  static HWY_INLINE Gains At(float position) {
    return {position < 0 ? 1 : 1 - position, 0, position < 0 ? 1 + position : 1, 0};
  }
};

struct BalanceStereo {
  static HWY_INLINE Gains At(float position) {
    return {position < 0 ? 1 : 1 - position, 0, 0, position < 0 ? 1 + position : 1};
  }
};

// Vectorised by the compiler, for each target.
template <typename Law>
void ApplyLaw(const Control& position, const float* left, const float* right, int num_frames,
              float* out_left, float* out_right) {
  const auto mix = [=](int i, const Gains& gains) HWY_ATTR {
    const float l = left[i];
    const float r = right[i];
    out_left[i] = Finite(gains.left_to_left * l + gains.right_to_left * r);
    out_right[i] = Finite(gains.left_to_right * l + gains.right_to_right * r);
  };
  if (position.is_constant()) {
    const Gains gains = Law::At(position.constant());
    for (int i = 0; i < num_frames; ++i) mix(i, gains);
  } else {
    const float* positions = position.values().data();
    for (int i = 0; i < num_frames; ++i) mix(i, Law::At(positions[i]));
  }
}

void Apply(PanLaw law, const Control& position, ConstBlock in, Block out) {
  const bool is_stereo = in.num_channels() == 2;
  const auto apply =
      law == PanLaw::kBalance ? (is_stereo ? &ApplyLaw<BalanceStereo> : &ApplyLaw<BalanceMono>)
      : law == PanLaw::kLinear
          ? (is_stereo ? &ApplyLaw<PanStereo<Linear>> : &ApplyLaw<PanMono<Linear>>)
          : (is_stereo ? &ApplyLaw<PanStereo<ConstantPower>> : &ApplyLaw<PanMono<ConstantPower>>);
  apply(position, in.channel(0).data(), in.channel(in.num_channels() - 1).data(), out.num_frames(),
        out.channel(0).data(), out.channel(1).data());
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace patchbay
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace patchbay {

HWY_EXPORT(Apply);

void ApplyPan(PanLaw law, const Control& position, ConstBlock in, Block out) {
  HWY_DYNAMIC_DISPATCH(Apply)(law, position, in, out);
}

}  // namespace patchbay
#endif  // HWY_ONCE
