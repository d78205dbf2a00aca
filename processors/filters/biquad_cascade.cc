#include "processors/filters/biquad_cascade.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <limits>

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

// The columns of a BiquadGroup's matrices, to be held in registers. The state is kept as
// {s0, s1, s0, s1}: doubled, it is spread over a vector without crossing its halves.
struct Columns {
  HWY_INLINE explicit Columns(const BiquadGroup& group) {
    const Quad zero = {};
    Quad s0, s1, s;
    Load(group, BiquadGroup::kResponse, y_from_x[0]);
    Load(group, BiquadGroup::kOutputsFromS0, y_from_s[0]);
    Load(group, BiquadGroup::kOutputsFromS1, y_from_s[1]);
    Load(group, BiquadGroup::kS0FromInputs, s0);
    Load(group, BiquadGroup::kS1FromInputs, s1);
    Load(group, BiquadGroup::kStateFromState, s);
    y_from_x[1] = __builtin_shufflevector(zero, y_from_x[0], 0, 4, 5, 6);
    y_from_x[2] = __builtin_shufflevector(zero, y_from_x[0], 0, 1, 4, 5);
    y_from_x[3] = __builtin_shufflevector(zero, y_from_x[0], 0, 1, 2, 4);
    s_from_x[0] = __builtin_shufflevector(s0, s1, 0, 4, 0, 4);
    s_from_x[1] = __builtin_shufflevector(s0, s1, 1, 5, 1, 5);
    s_from_x[2] = __builtin_shufflevector(s0, s1, 2, 6, 2, 6);
    s_from_x[3] = __builtin_shufflevector(s0, s1, 3, 7, 3, 7);
    s_from_s[0] = __builtin_shufflevector(s, s, 0, 2, 0, 2);
    s_from_s[1] = __builtin_shufflevector(s, s, 1, 3, 1, 3);
  }

  static HWY_INLINE void Load(const BiquadGroup& group, BiquadGroup::Row row, Quad& quad) {
    std::memcpy(&quad, group.rows[row], sizeof(quad));
  }

  Quad y_from_x[kBiquadGroup];
  Quad y_from_s[2];
  Quad s_from_x[kBiquadGroup];
  Quad s_from_s[2];
};

// Replaces a group's inputs x by the section's outputs, and the state by the next group's.
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

// The outputs of the first `count` frames of a group; the state stays that at its start.
HWY_INLINE void RunUnfinished(const Columns& section, double* samples, int count,
                              const Quad& at_start) {
  Quad state = at_start;
  double group[kBiquadGroup] = {};
  std::copy_n(samples, count, group);
  RunGroup(section, group, state);
  std::copy_n(group, count, samples);
}

// One or two channels of a stream. While one waits for its recursion, the other computes.
template <int kNumChannels>
struct Channels {
  double* samples[kNumChannels];
  double* states[kNumChannels];   // sections x 2
  double* pending[kNumChannels];  // kBiquadGroup
};

// One section over whole groups, and perhaps one that is unfinished.
template <int kNumChannels>
HWY_INLINE void RunSection(const BiquadGroup& section, const Channels<kNumChannels>& channels,
                           int index, int first, int num_groups, int num_left) {
  const Columns columns(section);
  Quad states[kNumChannels];
  for (int c = 0; c < kNumChannels; ++c) {
    const double* s = channels.states[c] + 2 * index;
    states[c] = Quad{s[0], s[1], s[0], s[1]};
  }
  const int end = first + num_groups * kBiquadGroup;
  for (int i = first; i < end; i += kBiquadGroup) {
    for (int c = 0; c < kNumChannels; ++c) RunGroup(columns, channels.samples[c] + i, states[c]);
  }
  for (int c = 0; c < kNumChannels; ++c) {
    std::memcpy(channels.states[c] + 2 * index, &states[c], 2 * sizeof(double));
    if (num_left > 0) RunUnfinished(columns, channels.samples[c] + end, num_left, states[c]);
  }
}

// Brings the state from the start of a group to the present frame, through all sections.
void CatchUp(const BiquadGroup* sections, int num_sections, const double* inputs, int count,
             double* state) {
  for (int i = 0; i < count; ++i) {
    double x = inputs[i];
    for (int k = 0; k < num_sections; ++k) {
      const auto& rows = sections[k].rows;
      const double* a = rows[BiquadGroup::kOneStep];
      double* const s = state + 2 * k;
      const double s0 = s[0];
      const double s1 = s[1];
      s[0] = a[0] * s0 + a[1] * s1 + rows[BiquadGroup::kS0FromInputs][kBiquadGroup - 1] * x;
      s[1] = a[2] * s0 + a[3] * s1 + rows[BiquadGroup::kS1FromInputs][kBiquadGroup - 1] * x;
      x = rows[BiquadGroup::kOutputsFromS0][0] * s0 + rows[BiquadGroup::kOutputsFromS1][0] * s1 +
          rows[BiquadGroup::kResponse][0] * x;
    }
  }
}

// `num_old` pending frames are in front of the samples. Returns how many are pending at the end.
template <int kNumChannels>
HWY_INLINE int RunChannels(std::span<const BiquadRun> runs, int num_sections, int num_old,
                           const Channels<kNumChannels>& channels) {
  int start = 0;  // of the current group
  int end = num_old;
  for (size_t r = 0; r < runs.size(); ++r) {
    if (r > 0) {
      for (int c = 0; c < kNumChannels; ++c) {
        CatchUp(runs[r - 1].sections, num_sections, channels.pending[c], end - start,
                channels.states[c]);
      }
      start = end;
    }
    if (runs[r].num_frames == 0) continue;
    end += runs[r].num_frames;
    const int num_groups = (end - start) / kBiquadGroup;
    const int num_left = (end - start) % kBiquadGroup;
    for (int c = 0; c < kNumChannels; ++c) {
      std::copy_n(channels.samples[c] + end - num_left, num_left, channels.pending[c]);
    }
    for (int i = 0; i < num_sections; ++i) {
      RunSection(runs[r].sections[i], channels, i, start, num_groups, num_left);
    }
    start += num_groups * kBiquadGroup;
  }
  return end - start;
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

// Channels of `block` from `first` on. `states` and `pending` are those of the first.
template <int kNumChannels>
HWY_INLINE int Run(std::span<const BiquadRun> runs, int num_sections, int num_old, Block block,
                   int first, double* states, double* pending) {
  alignas(32) double samples[kNumChannels][kMaxFrames + kBiquadGroup];
  Channels<kNumChannels> channels;
  for (int c = 0; c < kNumChannels; ++c) {
    channels.samples[c] = samples[c];
    channels.states[c] = states + 2 * num_sections * c;
    channels.pending[c] = pending + kBiquadGroup * c;
    std::copy_n(channels.pending[c], num_old, samples[c]);
    ToDouble(block.channel(first + c).data(), block.num_frames(), samples[c] + num_old);
  }
  const int num_pending = RunChannels(runs, num_sections, num_old, channels);
  for (int c = 0; c < kNumChannels; ++c) {
    ToFloat(samples[c] + num_old, block.num_frames(), block.channel(first + c).data());
  }
  return num_pending;
}

int RunOne(std::span<const BiquadRun> runs, int num_sections, int num_old, Block block, int first,
           double* states, double* pending) {
  return Run<1>(runs, num_sections, num_old, block, first, states, pending);
}

int RunTwo(std::span<const BiquadRun> runs, int num_sections, int num_old, Block block, int first,
           double* states, double* pending) {
  return Run<2>(runs, num_sections, num_old, block, first, states, pending);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace patchbay
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace patchbay {

HWY_EXPORT(RunOne);
HWY_EXPORT(RunTwo);

void RunBiquads(Block block, std::span<const BiquadRun> runs, BiquadMemory& memory) {
  const int num_channels = block.num_channels();
  const int num_sections = static_cast<int>(memory.states_.size()) / (2 * num_channels);
  const int num_old = memory.num_pending_;
  for (int first = 0; first < num_channels; first += 2) {
    double* const states = memory.states_.data() + 2 * first * num_sections;
    double* const pending = memory.pending_.data() + kBiquadGroup * first;
    // All channels are at the same frame.
    memory.num_pending_ = first + 1 < num_channels
                              ? HWY_DYNAMIC_DISPATCH(RunTwo)(runs, num_sections, num_old, block,
                                                             first, states, pending)
                              : HWY_DYNAMIC_DISPATCH(RunOne)(runs, num_sections, num_old, block,
                                                             first, states, pending);
  }
}

BiquadCascade::BiquadCascade(std::span<const Biquad> sections) : groups_(sections.size()) {
  for (size_t i = 0; i < sections.size(); ++i) {
    BiquadLanes lanes;
    for (int lane = 0; lane < kBiquadLanes; ++lane) lanes.Set(lane, sections[i]);
    ToGroups(lanes, &groups_[i], 0);
  }
}

}  // namespace patchbay
#endif  // HWY_ONCE
