#include "processors/control/cycle_clock.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

namespace patchbay {
namespace {

// How many of the frames from position_frames lie before frame 0.
size_t FramesBeforeZero(int64_t position_frames, size_t num_frames) {
  if (position_frames >= 0) return 0;
  return static_cast<size_t>(std::min<int64_t>(-position_frames, num_frames));
}

// In [0, 1): the upper bits, so that it is never rounded up to 1.
float Fraction(uint64_t part) {
  return static_cast<float>(static_cast<int32_t>(part >> 40)) * 0x1p-24f;
}

uint64_t WholeCycles(Cycles cycles) { return static_cast<uint64_t>(cycles >> 64); }
uint64_t PartOfCycle(Cycles cycles) { return static_cast<uint64_t>(cycles); }

}  // namespace

CycleRate::CycleRate(double rate_hz, int sample_rate_hz)
    : sample_rate_hz_(sample_rate_hz), constant_(PerFrame(rate_hz)) {}

CycleRate::CycleRate(const Control& rate_hz, int sample_rate_hz)
    : varying_hz_(rate_hz), sample_rate_hz_(sample_rate_hz) {
  if (is_constant()) constant_ = PerFrame(rate_hz.constant());
}

Cycles CycleRate::PerFrame(double rate_hz) const {
  // Rounded up, so that n frames of 1/n are a whole cycle.
  constexpr double kRoundUp = 1 + 0x1p-51;
  const double cycles = rate_hz / sample_rate_hz_ * kRoundUp;
  const auto whole = static_cast<int64_t>(cycles);  // rates are not negative
  return (static_cast<Cycles>(whole) << 64) +
         static_cast<uint64_t>((cycles - static_cast<double>(whole)) * 0x1p64);
}

ParameterSpec TempoParameter(const std::string& instead_of) {
  return {
      .name = "tempo_bpm",
      .unit = Unit::kBeatsPerMinute,
      .minimum = 0,
      .maximum = 1000,
      .default_value = 0,
      .rate = Rate::kBlock,
      .doc = absl::StrCat("Above 0, the tempo and beats are used instead of ", instead_of, ".")};
}

ParameterSpec BeatsParameter(const std::string& of_what) {
  return {.name = "beats",
          .minimum = 1.0 / 64,
          .maximum = 1024,
          .default_value = 1,
          .mapping = Mapping::kLogarithmic,
          .rate = Rate::kBlock,
          .doc = absl::StrCat("Beats of the tempo in ", of_what, ".")};
}

double TempoHz(const Control& tempo_bpm, const Control& beats) {
  return tempo_bpm.constant() / (60.0 * beats.constant());
}

void CycleClock::Archive(StateArchive& archive) {
  uint64_t whole = static_cast<uint64_t>(next_ >> 64);
  uint64_t fraction = static_cast<uint64_t>(next_);
  archive.Bits(whole);
  archive.Bits(fraction);
  next_ = (static_cast<Cycles>(whole) << 64) + fraction;
}

void CycleClock::Phases(const CycleRate& rate, int64_t position_frames,
                        std::span<uint32_t> phases) {
  Cycles next = next_;
  size_t i = FramesBeforeZero(position_frames, phases.size());
  std::fill_n(phases.begin(), i, static_cast<uint32_t>(next >> 32));
  if (rate.is_constant()) {
    // Whole cycles do not show in the phase: without them, the loop is vectorised.
    const auto step = static_cast<uint64_t>(rate.constant());
    const int count = static_cast<int>(phases.size() - i);
    uint32_t* const moving = phases.data() + i;
    uint64_t fraction = static_cast<uint64_t>(next);
    for (int k = 0; k < count; ++k, fraction += step) {
      moving[k] = static_cast<uint32_t>(fraction >> 32);
    }
    next += rate.constant() * count;
  } else {
    for (; i < phases.size(); ++i) {
      phases[i] = static_cast<uint32_t>(next >> 32);
      next += rate[static_cast<int>(i)];
    }
  }
  next_ = next;
}

int CycleClock::Step(const CycleRate& rate, int first, int64_t position_frames, uint64_t& cycle,
                     std::span<float> fractions) {
  const size_t before_zero = FramesBeforeZero(position_frames, fractions.size());
  if (before_zero == 0 && rate.is_constant()) {
    return ConstantStep(rate.constant(), cycle, fractions);
  }
  for (size_t i = 0; i < fractions.size(); ++i) {
    const Cycles step = rate.is_constant() ? rate.constant() : rate[first + static_cast<int>(i)];
    const uint64_t nearest = WholeCycles(next_ + step / 2);
    if (i > 0 && nearest != cycle) return static_cast<int>(i);
    cycle = nearest;
    const Cycles start = static_cast<Cycles>(cycle) << 64;
    fractions[i] = next_ > start ? Fraction(PartOfCycle(next_)) : 0.0f;
    if (i >= before_zero) next_ += step;
  }
  return static_cast<int>(fractions.size());
}

// Without a decision per frame.
int CycleClock::ConstantStep(Cycles step, uint64_t& cycle, std::span<float> fractions) {
  const Cycles nearest = next_ + step / 2;
  cycle = WholeCycles(nearest);
  uint64_t count = fractions.size();
  if (WholeCycles(step) > 0) {
    count = 1;
  } else if (step > 0) {
    count = std::min(count - 1, ~PartOfCycle(nearest) / PartOfCycle(step)) + 1;
  }
  const bool is_early = next_ < static_cast<Cycles>(cycle) << 64;  // the first frame
  uint64_t part = PartOfCycle(next_);
  float* const out = fractions.data();
  for (int i = 0; i < static_cast<int>(count); ++i, part += PartOfCycle(step)) {
    out[i] = Fraction(part);
  }
  if (is_early) out[0] = 0;
  next_ += step * count;
  return static_cast<int>(count);
}

}  // namespace patchbay
