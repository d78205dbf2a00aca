#include "processors/filters/biquad_cascade.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <limits>
#include <utility>

#include "processors/core/state.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "processors/filters/biquad_cascade.cc"
#include "hwy/foreach_target.h"  // before highway.h
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace patchbay {
namespace HWY_NAMESPACE {
namespace {

// A vector of the compiler's, which every target has; Highway chooses the target.
using Quad [[gnu::vector_size(32)]] = double;
static_assert(sizeof(Quad) == kBiquadGroup * sizeof(double));

// BiquadCascade::Group, to be held in registers.
struct Columns {
  explicit Columns(const BiquadCascade::Group& group) {
    for (int i = 0; i < 4; ++i) {
      for (int k = 0; k < kBiquadGroup; ++k) y_from_x[k][i] = group.outputs_from_inputs[k][i];
      for (int k = 0; k < 2; ++k) y_from_s[k][i] = group.outputs_from_state[k][i];
      for (int k = 0; k < kBiquadGroup; ++k) s_from_x[k][i] = group.state_from_inputs[k][i];
      for (int k = 0; k < 2; ++k) s_from_s[k][i] = group.state_from_state[k][i];
    }
  }

  Quad y_from_x[kBiquadGroup];
  Quad y_from_s[2];
  Quad s_from_x[kBiquadGroup];
  Quad s_from_s[2];
};

// Replaces a group's inputs x by the section's outputs, and the state {s0, s1, s0, s1} by the next
// group's. Doubled, the state is spread over a vector without crossing its halves.
HWY_INLINE void RunGroup(const Columns& section, double* HWY_RESTRICT x, Quad& state) {
  const auto& [y_from_x, y_from_s, s_from_x, s_from_s] = section;
  const Quad s0 = __builtin_shufflevector(state, state, 0, 0, 2, 2);
  const Quad s1 = __builtin_shufflevector(state, state, 1, 1, 3, 3);
  const Quad x0 = {x[0], x[0], x[0], x[0]};
  const Quad x1 = {x[1], x[1], x[1], x[1]};
  const Quad x2 = {x[2], x[2], x[2], x[2]};
  const Quad x3 = {x[3], x[3], x[3], x[3]};
  const Quad y = (y_from_x[0] * x0 + y_from_x[1] * x1) + (y_from_x[2] * x2 + y_from_x[3] * x3) +
                 (y_from_s[0] * s0 + y_from_s[1] * s1);
  std::memcpy(x, &y, sizeof(y));
  // The old state comes in last: the next group waits for it.
  const Quad forced = (s_from_x[0] * x0 + s_from_x[1] * x1) + (s_from_x[2] * x2 + s_from_x[3] * x3);
  state = (forced + s_from_s[0] * s0) + s_from_s[1] * s1;
}

// One section over whole groups, and perhaps one that is unfinished: its state is not kept.
void RunOne(const BiquadCascade::Group& section, double* HWY_RESTRICT samples, int num_groups,
            bool unfinished, double* HWY_RESTRICT state) {
  const Columns columns(section);
  Quad s = {state[0], state[1], state[0], state[1]};
  int i = 0;
  for (; i < num_groups * kBiquadGroup; i += kBiquadGroup) RunGroup(columns, samples + i, s);
  for (int k = 0; k < 2; ++k) state[k] = s[k];
  if (unfinished) RunGroup(columns, samples + i, s);
}

// As RunOne on two channels: while one waits for its recursion, the other computes.
void RunTwo(const BiquadCascade::Group& section, double* HWY_RESTRICT samples_0,
            double* HWY_RESTRICT samples_1, int num_groups, bool unfinished,
            double* HWY_RESTRICT state_0, double* HWY_RESTRICT state_1) {
  const Columns columns(section);
  Quad s0 = {state_0[0], state_0[1], state_0[0], state_0[1]};
  Quad s1 = {state_1[0], state_1[1], state_1[0], state_1[1]};
  int i = 0;
  for (; i < num_groups * kBiquadGroup; i += kBiquadGroup) {
    RunGroup(columns, samples_0 + i, s0);
    RunGroup(columns, samples_1 + i, s1);
  }
  for (int k = 0; k < 2; ++k) {
    state_0[k] = s0[k];
    state_1[k] = s1[k];
  }
  if (unfinished) {
    RunGroup(columns, samples_0 + i, s0);
    RunGroup(columns, samples_1 + i, s1);
  }
}

void ToDouble(const float* HWY_RESTRICT from, int count, double* HWY_RESTRICT to) {
  for (int i = 0; i < count; ++i) to[i] = from[i];
}

// Limited to finite values, and with one sign for zeros: those of an unfinished group may differ in
// it from a finished one's.
void ToFloat(const double* HWY_RESTRICT from, int count, float* HWY_RESTRICT to) {
  constexpr double kLargest = std::numeric_limits<float>::max();
  for (int i = 0; i < count; ++i) {
    const double above = -kLargest < from[i] ? from[i] : -kLargest;
    to[i] = static_cast<float>((above < kLargest ? above : kLargest) + 0.0);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace patchbay
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace patchbay {

HWY_EXPORT(RunOne);
HWY_EXPORT(RunTwo);
HWY_EXPORT(ToDouble);
HWY_EXPORT(ToFloat);

namespace {

using Matrix = std::array<std::array<double, 2>, 2>;

Matrix Product(const Matrix& p, const Matrix& q) {
  Matrix product;
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 2; ++j) product[i][j] = p[i][0] * q[0][j] + p[i][1] * q[1][j];
  }
  return product;
}

}  // namespace

void BiquadCascade::Set(std::span<const Biquad> sections) {
  assert(sections.size() == sections_.size());
  for (size_t i = 0; i < sections.size(); ++i) {
    const auto& [a, b, c, d] = sections[i];
    sections_[i] = sections[i];
    Group& group = groups_[i] = {};

    // The first response to an input: d, c b, c a b, ...; and to the state: c, c a, c a a, ...
    std::array<double, 2> input = b;   // what an input has become in the state
    std::array<double, 2> output = c;  // what the state will do to an output
    double response = d;
    for (int k = 0; k < kBiquadGroup; ++k) {
      for (int j = 0; j + k < kBiquadGroup; ++j) group.outputs_from_inputs[j][j + k] = response;
      response = c[0] * input[0] + c[1] * input[1];
      for (int r = 0; r < 4; ++r) {
        group.state_from_inputs[kBiquadGroup - 1 - k][r] = input[r % 2];
      }
      input = {a[0][0] * input[0] + a[0][1] * input[1], a[1][0] * input[0] + a[1][1] * input[1]};
      for (int s = 0; s < 2; ++s) group.outputs_from_state[s][k] = output[s];
      output = {output[0] * a[0][0] + output[1] * a[1][0],
                output[0] * a[0][1] + output[1] * a[1][1]};
    }
    const auto power2 = Product(a, a);
    const auto power4 = Product(power2, power2);
    for (int s = 0; s < 2; ++s) {
      for (int r = 0; r < 4; ++r) group.state_from_state[s][r] = power4[r % 2][s];
    }
  }
}

void BiquadCascade::CatchUp(BiquadCascadeMemory& memory) const {
  const int num_pending = std::exchange(memory.num_pending_, 0);
  for (size_t c = 0; c < memory.pending_.size() / kBiquadGroup; ++c) {
    for (int i = 0; i < num_pending; ++i) {
      double x = memory.pending_[c * kBiquadGroup + i];
      double* state = memory.states_.data() + 2 * c * sections_.size();
      for (const auto& [a, b, readout, d] : sections_) {
        const double s0 = state[0];
        const double s1 = state[1];
        state[0] = a[0][0] * s0 + a[0][1] * s1 + b[0] * x;
        state[1] = a[1][0] * s0 + a[1][1] * s1 + b[1] * x;
        x = readout[0] * s0 + readout[1] * s1 + d * x;
        state += 2;
      }
    }
  }
}

void BiquadCascade::Process(Block block, BiquadCascadeMemory& memory) const {
  const int num_channels = block.num_channels();
  const int num_sections = static_cast<int>(sections_.size());
  const int num_old = memory.num_pending_;
  const int num_samples = num_old + block.num_frames();
  const int num_groups = num_samples / kBiquadGroup;
  const int num_left = num_samples % kBiquadGroup;
  const int whole = num_groups * kBiquadGroup;

  alignas(32) double samples[2][kMaxFrames + 2 * kBiquadGroup];
  for (int first = 0; first < num_channels; first += 2) {
    const int count = std::min(2, num_channels - first);
    for (int c = 0; c < count; ++c) {
      double* pending = memory.pending_.data() + (first + c) * kBiquadGroup;
      std::copy_n(pending, num_old, samples[c]);
      HWY_DYNAMIC_DISPATCH(ToDouble)
      (block.channel(first + c).data(), block.num_frames(), samples[c] + num_old);
      std::fill_n(samples[c] + num_samples, kBiquadGroup, 0.0);
      std::copy_n(samples[c] + whole, num_left, pending);
    }
    double* state = memory.states_.data() + 2 * first * num_sections;
    for (int i = 0; i < num_sections; ++i, state += 2) {
      if (count == 1) {
        HWY_DYNAMIC_DISPATCH(RunOne)(groups_[i], samples[0], num_groups, num_left > 0, state);
      } else {
        HWY_DYNAMIC_DISPATCH(RunTwo)
        (groups_[i], samples[0], samples[1], num_groups, num_left > 0, state,
         state + 2 * num_sections);
      }
    }
    for (int c = 0; c < count; ++c) {
      HWY_DYNAMIC_DISPATCH(ToFloat)
      (samples[c] + num_old, block.num_frames(), block.channel(first + c).data());
    }
  }
  memory.num_pending_ = num_left;
}

}  // namespace patchbay
#endif  // HWY_ONCE
