#include "processors/filters/filter_processor.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/core/processor.h"
#include "processors/core/registry.h"
#include "processors/filters/biquad_cascade.h"
#include "processors/filters/butterworth.h"

namespace patchbay {
namespace {

// The rows that move, in the order of Memory::values.
constexpr std::array<const char*, 3> kMoving = {"cutoff_hz", "q", "gain_db"};

// The highest cutoff, in cycles per frame, that a moving one reaches.
constexpr double kHighestCutoff = 0.4999;

constexpr double kSmoothingSeconds = 0.02;

int Order(const Parameters& parameters) {
  return parameters.spec().FindParameter("order") < 0 ? 2 : parameters.integer("order");
}

// What the parameters were at some frame; of those that a filter does not have, 0.
using Values = std::array<float, kMoving.size()>;

struct Memory {
  Memory(int num_sections, int num_channels)
      : designs(kNumDesigns * num_sections), stream(num_sections, num_channels) {}

  static int64_t HeapBytes(int num_sections, int num_channels) {
    return kNumDesigns * num_sections * sizeof(BiquadGroup) +
           BiquadMemory::HeapBytes(num_sections, num_channels);
  }

  void Archive(StateArchive& archive) {
    archive.Values(values);
    stream.Archive(archive);
    if (archive.is_loading()) is_designed = false;
  }

  // The present design, then those that follow it within a call.
  static constexpr int kNumDesigns = 1 + kBiquadLanes;

  Values values = {};                // that the present design is for
  bool is_designed = false;          // whether it was made
  std::vector<BiquadGroup> designs;  // designs x sections
  BiquadMemory stream;
};

class FilterProcessor final : public NativeProcessor<FilterProcessor, Memory> {
 public:
  FilterProcessor(const Parameters& parameters, const StreamFormat& format, FilterDesign design)
      : design_(design),
        num_channels_(format.input_channels[0]),
        sample_rate_hz_(format.sample_rate_hz) {
    const int order = Order(parameters);
    for (int i = 0; i < NumButterworthSections(order); ++i) sections_.emplace_back(order, i);
    for (size_t i = 0; i < kMoving.size(); ++i) {
      const int index = parameters.spec().FindParameter(kMoving[i]);
      if (index < 0) continue;
      const ParameterSpec& row = parameters.spec().parameters[index];
      moving_[i] = {index, static_cast<float>(row.minimum), static_cast<float>(row.maximum)};
      initial_[i] = static_cast<float>(parameters.number(index));
    }
  }

  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format) {
    const double nyquist_hz = 0.5 * format.sample_rate_hz;
    if (parameters.number("cutoff_hz") >= nyquist_hz) {
      return parameters.Error(
          "cutoff_hz", absl::StrCat("must be below ", nyquist_hz, " Hz, half the sample rate of ",
                                    format.sample_rate_hz, " Hz"));
    }
    const int num_channels = format.input_channels[0];
    const int num_sections = NumButterworthSections(Order(parameters));
    constexpr int64_t kStateObject = 64;  // what NativeProcessor puts around a Memory
    return Layout{.output_channels = {num_channels},
                  .state_bytes = static_cast<int64_t>(sizeof(Memory)) + kStateObject +
                                 Memory::HeapBytes(num_sections, num_channels)};
  }

  Memory NewMemory() const {
    Memory memory(num_sections(), num_channels_);
    memory.values = initial_;
    return memory;
  }

  void Run(const ProcessIo& io, Memory& memory) const {
    Copy(io.ins[0], io.outs[0]);
    if (!memory.is_designed) {
      Design({&memory.values, 1}, memory.designs.data());
      memory.is_designed = true;
    }
    for (int first = 0; first < io.num_frames;) first = RunSome(io, first, memory);
  }

 private:
  // Where a value arrives, and its range; index < 0: this filter has none.
  struct Moving {
    int index = -1;
    float minimum = 0;
    float maximum = 0;
  };

  int num_sections() const { return static_cast<int>(sections_.size()); }

  Values ValuesAt(const ProcessIo& io, int frame) const {
    Values values = {};
    for (size_t i = 0; i < kMoving.size(); ++i) {
      if (moving_[i].index >= 0) values[i] = io.controls[moving_[i].index][frame];
    }
    return values;
  }

  // The first frame after `frame` at which a value changes.
  int NextChange(const ProcessIo& io, int frame) const {
    int end = io.num_frames;
    for (const Moving& moving : moving_) {
      if (moving.index >= 0) end = HeldUntil(io.controls[moving.index], frame, end);
    }
    return end;
  }

  // Runs from `first` through the present design and as many changes as are designed at once, to
  // the frame that it returns.
  int RunSome(const ProcessIo& io, int first, Memory& memory) const {
    std::array<BiquadRun, Memory::kNumDesigns> runs;
    std::array<Values, kBiquadLanes> changes;
    int num_changes = 0;
    int end = ValuesAt(io, first) == memory.values ? NextChange(io, first) : first;
    runs[0] = {end - first, memory.designs.data()};
    while (end < io.num_frames && num_changes < kBiquadLanes) {
      changes[num_changes++] = ValuesAt(io, end);
      const int next = NextChange(io, end);
      runs[num_changes] = {next - end, memory.designs.data() + num_changes * num_sections()};
      end = next;
    }
    if (num_changes > 0) {
      Design({changes.data(), static_cast<size_t>(num_changes)},
             memory.designs.data() + num_sections());
    }
    RunBiquads(io.outs[0].Frames(first, end - first),
               {runs.data(), static_cast<size_t>(1 + num_changes)}, memory.stream);
    if (num_changes > 0) {
      memory.values = changes[num_changes - 1];
      std::copy_n(runs[num_changes].sections, num_sections(), memory.designs.data());
    }
    return end;
  }

  // kBiquadLanes designs, of which those beyond `values` repeat the last; to designs x sections.
  void Design(std::span<const Values> values, BiquadGroup* designs) const {
    std::array<FilterSettings, kBiquadLanes> settings;
    for (int lane = 0; lane < kBiquadLanes; ++lane) {
      // Also values from a checkpoint are held within their ranges.
      const auto value = [&](int i) {
        const float x = values[std::min<size_t>(lane, values.size() - 1)][i];
        return std::max(moving_[i].minimum, std::min(x, moving_[i].maximum));
      };
      settings[lane] = {.cutoff = std::min(value(0) / sample_rate_hz_, kHighestCutoff),
                        .q = value(1),
                        .gain_db = value(2)};
    }
    for (int i = 0; i < num_sections(); ++i) {
      BiquadLanes lanes;
      design_(settings.data(), sections_[i], lanes);
      ToGroups(lanes, designs + i, num_sections());
    }
  }

  const FilterDesign design_;
  const int num_channels_;
  const double sample_rate_hz_;
  std::vector<ButterworthSection> sections_;
  std::array<Moving, kMoving.size()> moving_;
  Values initial_ = {};
};

}  // namespace

ParameterSpec CutoffHz(double default_hz, std::string doc) {
  return {.name = "cutoff_hz",
          .unit = Unit::kHertz,
          .minimum = 1,
          .maximum = 100000,
          .default_value = default_hz,
          .mapping = Mapping::kLogarithmic,
          .rate = Rate::kBlock,
          .smoothing_seconds = kSmoothingSeconds,
          .doc = doc + " Must be below half the sample rate."};
}

ParameterSpec FilterQ(double default_q, std::string doc) {
  return {.name = "q",
          .minimum = 0.1,
          .maximum = 100,
          .default_value = default_q,
          .mapping = Mapping::kLogarithmic,
          .rate = Rate::kBlock,
          .smoothing_seconds = kSmoothingSeconds,
          .doc = std::move(doc)};
}

ParameterSpec FilterGainDb(std::string doc) {
  return {.name = "gain_db",
          .unit = Unit::kDecibels,
          .minimum = -40,
          .maximum = 40,
          .default_value = 0,
          .rate = Rate::kBlock,
          .smoothing_seconds = kSmoothingSeconds,
          .doc = std::move(doc)};
}

ParameterSpec FilterOrder() {
  return {.name = "order",
          .type = ParameterType::kInteger,
          .minimum = 1,
          .maximum = 8,
          .default_value = 2,
          .doc = "Steepness: 6 dB an octave per order."};
}

Filter::Filter(ProcessorSpec spec, FilterDesign design) {
  spec.category = "filters";
  spec.in_place = true;
  spec.takes_held_controls = true;
  Registry::Global().Register({
      .spec = std::move(spec),
      .plan = &FilterProcessor::Plan,
      .create = [design](const Parameters& parameters, const StreamFormat& format)
          -> absl::StatusOr<std::shared_ptr<const Processor>> {
        return std::make_shared<FilterProcessor>(parameters, format, design);
      },
  });
}

}  // namespace patchbay
