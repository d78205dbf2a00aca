#include <memory>

#include "processors/analysis/onset_detector.h"
#include "processors/core/registry.h"

namespace patchbay {
namespace {

class Onset final : public NativeProcessor<Onset, OnsetDetector::Memory> {
 public:
  static ProcessorSpec Spec();

  static absl::StatusOr<Layout> Plan(const Parameters&, const StreamFormat& format) {
    const int rate = format.sample_rate_hz;
    return Layout{.latency_frames = OnsetDetector::LatencyFrames(rate),
                  .state_bytes = OnsetDetector::MemoryBytes(rate) +
                                 static_cast<int64_t>(sizeof(OnsetDetector::Memory)),
                  .shared_bytes = OnsetDetector::SharedBytes(rate)};
  }

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters&,
                                                                 const StreamFormat& format) {
    return std::shared_ptr<const Processor>(new Onset(format.sample_rate_hz));
  }

  OnsetDetector::Memory NewMemory() const { return detector_.NewMemory(); }

  void Run(const ProcessIo& io, OnsetDetector::Memory& memory) const {
    detector_.Process(io.ins[0], io.position_frames, io.controls[0].constant(), memory,
                      io.control_outs[0], io.control_outs[1]);
  }

 private:
  explicit Onset(int sample_rate_hz) : detector_(sample_rate_hz) {}

  const OnsetDetector detector_;
};

ProcessorSpec Onset::Spec() {
  return {
      .name = "onset",
      .summary = "Finds where sounds begin: notes, strokes, beats.",
      .doc =
          "Spectral flux: every 5 ms, how much the logarithmic magnitudes of the mean of the "
          "channels rise in bands of a semitone, from 30 Hz to 16 kHz. An onset is the "
          "strongest rise within 30 ms before and after that exceeds the mean rise of its "
          "surroundings (100 ms before, 30 ms after) by 0.7 * 10^(-2 sensitivity); onsets are "
          "at least 30 ms apart. It is found within about 3 ms and reported about 37 ms late, "
          "which is declared as latency. After Boeck, Krebs & Schedl, Evaluating the Online "
          "Capabilities of Onset Detection Methods, ISMIR 2012, and Bello et al., A Tutorial "
          "on Onset Detection in Music Signals, IEEE Trans. Speech and Audio Processing "
          "13(5), 2005.",
      .category = "analysis",
      .example = "onset(sensitivity=0.6)",
      .outputs = {},
      .control_outputs = {{.name = "onset", .doc = "1 in the frame of an onset, otherwise 0."},
                          {.name = "strength",
                           .doc = "The mean rise of all bands within 5 ms in decades: 0.05 is "
                                  "steady noise, 0.5 a stroke out of silence. A new value every "
                                  "5 ms."}},
      .parameters = {{.name = "sensitivity",
                      .minimum = 0,
                      .maximum = 1,
                      .default_value = 0.5,
                      .rate = Rate::kBlock,
                      .doc = "How soft an attack counts: about 0.3 finds only strong ones, 0.7 "
                             "soft ones too, and some that are none."}},
  };
}

const Registration<Onset> kOnset;

}  // namespace
}  // namespace patchbay
