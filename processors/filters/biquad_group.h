#ifndef PROCESSORS_FILTERS_BIQUAD_GROUP_H_
#define PROCESSORS_FILTERS_BIQUAD_GROUP_H_

#include <span>

#include "processors/filters/biquad.h"

namespace patchbay {

// Frames that a section computes at once. A recursion over single frames would wait for the last
// result at every frame; over groups it waits once a group, and all else is plain matrix products.
inline constexpr int kBiquadGroup = 4;

// A Biquad over kBiquadGroup frames: what its four outputs and its next state owe to the four
// inputs and to the present state.
struct BiquadGroup {
  enum Row {
    kResponse,       // d, c b, c a b, c a a b: what an input does to the outputs from its own on
    kOutputsFromS0,  // c, c a, c a a, c a a a: what the state does to the outputs
    kOutputsFromS1,
    kS0FromInputs,  // a a a b, a a b, a b, b: what the inputs do to the next state
    kS1FromInputs,
    kStateFromState,  // a a a a, by rows
    kOneStep,         // a, by rows
    kNumRows,
  };
  alignas(32) double rows[kNumRows][kBiquadGroup];
};

// Designs that are turned into groups side by side: a parameter that moves asks for several in
// every call.
inline constexpr int kBiquadLanes = 4;

struct BiquadLanes {
  void Set(int lane, const Biquad& section) {
    for (int i = 0; i < 2; ++i) {
      for (int j = 0; j < 2; ++j) a[i][j][lane] = section.a[i][j];
      b[i][lane] = section.b[i];
      c[i][lane] = section.c[i];
    }
    d[lane] = section.d;
  }

  alignas(32) double a[2][2][kBiquadLanes];
  alignas(32) double b[2][kBiquadLanes];
  alignas(32) double c[2][kBiquadLanes];
  alignas(32) double d[kBiquadLanes];
};

// The group of lane l goes to groups[l * stride].
void ToGroups(const BiquadLanes& sections, BiquadGroup* groups, int stride);

}  // namespace patchbay

#endif  // PROCESSORS_FILTERS_BIQUAD_GROUP_H_
