#include "processors/filters/biquad_group.h"

#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "processors/filters/biquad_group.cc"
#include "hwy/foreach_target.h"  // before highway.h
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace patchbay {
namespace HWY_NAMESPACE {
namespace {

// One number of every lane: a vector of the compiler's, which every target has; Highway chooses the
// target.
using Lanes [[gnu::vector_size(32)]] = double;
static_assert(sizeof(Lanes) == kBiquadLanes * sizeof(double));

struct LaneMatrix {
  Lanes m[2][2];

  HWY_INLINE void Square() {
    const LaneMatrix root = *this;
    for (int i = 0; i < 2; ++i) {
      for (int j = 0; j < 2; ++j) {
        m[i][j] = root.m[i][0] * root.m[0][j] + root.m[i][1] * root.m[1][j];
      }
    }
  }
};

HWY_INLINE void Load(const double* from, Lanes& lanes) { std::memcpy(&lanes, from, sizeof(lanes)); }

// Number k of row r of every lane, to row r of every lane's group.
HWY_INLINE void StoreRow(BiquadGroup::Row r, const Lanes (&row)[kBiquadGroup], BiquadGroup* groups,
                         int stride) {
  const Lanes even01 = __builtin_shufflevector(row[0], row[1], 0, 4, 2, 6);
  const Lanes odd01 = __builtin_shufflevector(row[0], row[1], 1, 5, 3, 7);
  const Lanes even23 = __builtin_shufflevector(row[2], row[3], 0, 4, 2, 6);
  const Lanes odd23 = __builtin_shufflevector(row[2], row[3], 1, 5, 3, 7);
  const Lanes lanes[kBiquadLanes] = {__builtin_shufflevector(even01, even23, 0, 1, 4, 5),
                                     __builtin_shufflevector(odd01, odd23, 0, 1, 4, 5),
                                     __builtin_shufflevector(even01, even23, 2, 3, 6, 7),
                                     __builtin_shufflevector(odd01, odd23, 2, 3, 6, 7)};
  for (int l = 0; l < kBiquadLanes; ++l) {
    std::memcpy(groups[l * stride].rows[r], &lanes[l], sizeof(Lanes));
  }
}

void ToGroups(const BiquadLanes& sections, BiquadGroup* HWY_RESTRICT groups, int stride) {
  LaneMatrix a;
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 2; ++j) Load(sections.a[i][j], a.m[i][j]);
  }
  Lanes c0, c1;
  Load(sections.c[0], c0);
  Load(sections.c[1], c1);
  // What an input has become in the state, and what the state will do to an output.
  Lanes in0, in1;
  Load(sections.b[0], in0);
  Load(sections.b[1], in1);
  Lanes out0 = c0;
  Lanes out1 = c1;
  Lanes response[kBiquadGroup], from_s0[kBiquadGroup], from_s1[kBiquadGroup], to_s0[kBiquadGroup],
      to_s1[kBiquadGroup];
  Load(sections.d, response[0]);
  for (int k = 0; k < kBiquadGroup; ++k) {
    if (k > 0) response[k] = c0 * to_s0[kBiquadGroup - k] + c1 * to_s1[kBiquadGroup - k];
    to_s0[kBiquadGroup - 1 - k] = in0;
    to_s1[kBiquadGroup - 1 - k] = in1;
    from_s0[k] = out0;
    from_s1[k] = out1;
    const Lanes next_in0 = a.m[0][0] * in0 + a.m[0][1] * in1;
    in1 = a.m[1][0] * in0 + a.m[1][1] * in1;
    in0 = next_in0;
    const Lanes next_out0 = out0 * a.m[0][0] + out1 * a.m[1][0];
    out1 = out0 * a.m[0][1] + out1 * a.m[1][1];
    out0 = next_out0;
  }
  LaneMatrix power4 = a;
  power4.Square();
  power4.Square();
  StoreRow(BiquadGroup::kResponse, response, groups, stride);
  StoreRow(BiquadGroup::kOutputsFromS0, from_s0, groups, stride);
  StoreRow(BiquadGroup::kOutputsFromS1, from_s1, groups, stride);
  StoreRow(BiquadGroup::kS0FromInputs, to_s0, groups, stride);
  StoreRow(BiquadGroup::kS1FromInputs, to_s1, groups, stride);
  StoreRow(BiquadGroup::kStateFromState,
           {power4.m[0][0], power4.m[0][1], power4.m[1][0], power4.m[1][1]}, groups, stride);
  StoreRow(BiquadGroup::kOneStep, {a.m[0][0], a.m[0][1], a.m[1][0], a.m[1][1]}, groups, stride);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace patchbay
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace patchbay {

HWY_EXPORT(ToGroups);

void ToGroups(const BiquadLanes& sections, BiquadGroup* groups, int stride) {
  HWY_DYNAMIC_DISPATCH(ToGroups)(sections, groups, stride);
}

}  // namespace patchbay
#endif  // HWY_ONCE
