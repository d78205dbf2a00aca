#ifndef PROCESSORS_CONTROL_CONTROL_PROCESSOR_H_
#define PROCESSORS_CONTROL_CONTROL_PROCESSOR_H_

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "processors/core/registry.h"

namespace patchbay {

// The base of processors without audio: parameters in, one control output `out`. Derived supplies
//   static ProcessorSpec Spec();
//   Derived(const Parameters& parameters, int sample_rate_hz);
//   void Run(const ProcessIo& io, Memory& memory) const;
template <typename Derived, typename Memory>
class ControlProcessor : public NativeProcessor<Derived, Memory> {
 public:
  static absl::StatusOr<Layout> Plan(const Parameters&, const StreamFormat&) {
    return Layout{.state_bytes = kStateBytes};
  }

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters& parameters,
                                                                 const StreamFormat& format) {
    return std::make_shared<const Derived>(parameters, format.sample_rate_hz);
  }

  Memory NewMemory() const { return {}; }

 protected:
  static constexpr int64_t kStateBytes =
      2 * sizeof(void*) + sizeof(Memory) + alignof(std::max_align_t);
};

// A parameter in the unit of whatever will be controlled.
inline ParameterSpec InAnyUnit(ParameterSpec parameter) {
  parameter.unit = Unit::kAny;
  parameter.minimum = -1e6;
  parameter.maximum = 1e6;
  return parameter;
}

inline ControlOutputSpec ControlOut(std::string doc) {
  return {.name = "out", .unit = Unit::kAny, .doc = std::move(doc)};
}

// A Control as one value per frame, also when it is constant: one loop then serves both, with the
// same bits.
class FrameValues {
 public:
  FrameValues(const Control& control, int num_frames) : data_(scratch_) {
    if (control.is_constant()) {
      std::fill_n(scratch_, num_frames, control.constant());
    } else {
      data_ = control.values().data();
    }
  }
  FrameValues(const FrameValues&) = delete;
  FrameValues& operator=(const FrameValues&) = delete;

  const float* data() const { return data_; }
  float operator[](int frame) const { return data_[frame]; }

 private:
  float scratch_[kMaxFrames];
  const float* data_;
};

}  // namespace patchbay

#endif  // PROCESSORS_CONTROL_CONTROL_PROCESSOR_H_
