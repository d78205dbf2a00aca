#ifndef PROCESSORS_RESAMPLING_RUBBER_BAND_STREAM_H_
#define PROCESSORS_RESAMPLING_RUBBER_BAND_STREAM_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "processors/core/block.h"
#include "processors/core/processor.h"

namespace RubberBand {
class RubberBandStretcher;
}

namespace patchbay {

// The Rubber Band Library (Breakfast Quay), engine R3, in real-time mode: the one that takes
// changes of time and pitch while it runs. Fed in blocks of one length, so that what comes out does
// not depend on how a stream is cut, and rid of its start delay.
class RubberBandStream {
 public:
  static constexpr int kBlockFrames = 256;
  static constexpr double kMaxSemitones = 24;

  struct Settings {
    int sample_rate_hz = 0;
    int num_channels = 0;
    bool faster = false;             // one window size: a third of the work and of the delay
    bool preserve_formants = false;  // the spectral envelope does not move with the pitch
    bool pitch_moves = false;        // without a click when it goes through 0; twice the work there
    double time_ratio = 1;
    double semitones = 0;
  };

  // INVALID_ARGUMENT for a sample rate that the library does not take.
  static absl::Status CheckFormat(const Parameters& parameters, const StreamFormat& format);

  // Half the analysis window, or a little more: how far behind the input the work is.
  static int HalfWindowFrames(int sample_rate_hz, bool faster);

  // Upper limit of the heap memory of one.
  static int64_t MemoryBytes(int sample_rate_hz, int num_channels);

  // If the pitch is to move, its whole range is tried first, so that later nothing is allocated.
  explicit RubberBandStream(const Settings& settings);
  ~RubberBandStream();

  // From the next block on. semitones is within +- kMaxSemitones.
  void Set(double time_ratio, double semitones);

  // Reads kBlockFrames frames. Magnitudes are limited to 1e9, so that nothing overflows.
  void Feed(ConstBlock block);

  // Frames that have come out and wait to be read, the first answering the first frame fed.
  int num_available() const;

  // Fills `to`, of at most num_available() frames.
  void Read(Block to);

  // Drops the next `count` frames, or as soon as they come out.
  void Skip(int count);

 private:
  void TryPitchRange();
  void DropDue();

  const std::unique_ptr<RubberBand::RubberBandStretcher> stretcher_;
  std::vector<float> fed_;        // channels x kBlockFrames
  std::vector<float> discarded_;  // likewise
  std::vector<const float*> ins_;
  std::vector<float*> outs_;
  int drop_frames_ = 0;  // still to be dropped
};

}  // namespace patchbay

#endif  // PROCESSORS_RESAMPLING_RUBBER_BAND_STREAM_H_
