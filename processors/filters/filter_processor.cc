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

struct Memory {
  Memory(int num_sections, int num_channels)
      : cascade(num_sections), sections(num_sections), stream(num_sections, num_channels) {}

  static int64_t HeapBytes(int num_sections, int num_channels) {
    return BiquadCascade::HeapBytes(num_sections) + num_sections * sizeof(Biquad) +
           BiquadCascadeMemory::HeapBytes(num_sections, num_channels);
  }

  void Archive(StateArchive& archive) {
    archive.Values(values);
    stream.Archive(archive);
    if (archive.is_loading()) designed = false;
  }

  std::array<float, kMoving.size()> values = {};  // what the cascade is designed for
  bool designed = false;                          // whether it is already
  BiquadCascade cascade;
  std::vector<Biquad> sections;
  BiquadCascadeMemory stream;
};

class FilterProcessor final : public NativeProcessor<FilterProcessor, Memory> {
 public:
  FilterProcessor(const Parameters& parameters, const StreamFormat& format, FilterDesign design)
      : design_(design),
        order_(Order(parameters)),
        num_channels_(format.input_channels[0]),
        sample_rate_hz_(format.sample_rate_hz) {
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
    Memory memory(NumButterworthSections(order_), num_channels_);
    memory.values = initial_;
    return memory;
  }

  void Run(const ProcessIo& io, Memory& memory) const {
    if (!memory.designed) Design(memory);
    std::array<float, kMoving.size()> values = {};
    for (size_t i = 0; i < kMoving.size(); ++i) {
      if (moving_[i].index >= 0) values[i] = io.controls[moving_[i].index].constant();
    }
    if (values != memory.values) {
      memory.cascade.CatchUp(memory.stream);
      memory.values = values;
      Design(memory);
    }
    Copy(io.ins[0], io.outs[0]);
    memory.cascade.Process(io.outs[0], memory.stream);
  }

 private:
  // Where a value arrives, and its range; index < 0: this filter has none.
  struct Moving {
    int index = -1;
    float minimum = 0;
    float maximum = 0;
  };

  void Design(Memory& memory) const {
    // Also values from a checkpoint are held within their ranges.
    const auto value = [&](int i) {
      return std::max(moving_[i].minimum, std::min(memory.values[i], moving_[i].maximum));
    };
    design_({.cutoff = std::min<double>(value(0) / sample_rate_hz_, kHighestCutoff),
             .q = value(1),
             .gain_db = value(2),
             .order = order_},
            memory.sections);
    memory.cascade.Set(memory.sections);
    memory.designed = true;
  }

  const FilterDesign design_;
  const int order_;
  const int num_channels_;
  const double sample_rate_hz_;
  std::array<Moving, kMoving.size()> moving_;
  std::array<float, kMoving.size()> initial_ = {};
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
