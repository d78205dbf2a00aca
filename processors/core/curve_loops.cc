#include "processors/core/curve_loops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "processors/core/curve_loops.cc"
#include "hwy/foreach_target.h"  // before highway.h
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace patchbay {
namespace HWY_NAMESPACE {
namespace {

// Vectorised by the compiler, for each target.
template <typename Stretch>
HWY_INLINE void Loop(const Stretch stretch, double first, int stride, std::span<float> values) {
  float* HWY_RESTRICT out = values.data();
  const int size = static_cast<int>(values.size());
  for (int i = 0; i < size; ++i) out[i] = static_cast<float>(stretch.At(first + i * stride));
}

void Straight(const StraightStretch& stretch, double first, int stride, std::span<float> values) {
  Loop(stretch, first, stride, values);
}

void Exponential(const ExponentialStretch& stretch, double first, int stride,
                 std::span<float> values) {
  Loop(stretch, first, stride, values);
}

void Smooth(const SmoothStretch& stretch, double first, int stride, std::span<float> values) {
  Loop(stretch, first, stride, values);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace patchbay
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace patchbay {

HWY_EXPORT(Straight);
HWY_EXPORT(Exponential);
HWY_EXPORT(Smooth);

void Render(const StraightStretch& stretch, double first, int stride, std::span<float> values) {
  HWY_DYNAMIC_DISPATCH(Straight)(stretch, first, stride, values);
}

void Render(const ExponentialStretch& stretch, double first, int stride, std::span<float> values) {
  HWY_DYNAMIC_DISPATCH(Exponential)(stretch, first, stride, values);
}

void Render(const SmoothStretch& stretch, double first, int stride, std::span<float> values) {
  HWY_DYNAMIC_DISPATCH(Smooth)(stretch, first, stride, values);
}

}  // namespace patchbay
#endif  // HWY_ONCE
