#include "processors/time/delay_echoes.h"

#include <algorithm>
#include <cstdint>

#include "processors/time/delay_tap.h"

// All of it is compiled for each target: the compiler vectorises the loops over a run.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "processors/time/delay_echoes.cc"
#include "hwy/foreach_target.h"  // before highway.h
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace patchbay {
namespace HWY_NAMESPACE {
namespace {

// Far above any audio; keeps feedback and interpolation of absurd input from overflowing.
constexpr float kLoudest = 1e37f;

// With a shorter delay, frame by frame is faster than runs of its length.
constexpr int kShortestRun = 16;

float Bounded(float sample) {
  sample = sample < kLoudest ? sample : kLoudest;
  return sample > -kLoudest ? sample : -kLoudest;
}

float Mixed(float dry, float wet, float mix) { return dry * (1 - mix) + wet * mix; }

// A control with the same value in all frames, read like an array.
struct Same {
  float operator[](int) const { return value; }
  Same operator+(int) const { return *this; }
  float value;
};

// Several frames of one channel, in order. delayed(i) is what comes out of the delay line; what
// goes in is written from `line`, of which only frames before i may be part of what delayed(i)
// reads.
template <typename Delayed, typename Values>
void EchoRun(Delayed delayed, Values feedback, Values mix, int num_frames, float* line,
             float* audio) {
  for (int i = 0; i < num_frames; ++i) {
    const float wet = delayed(i);
    const float dry = audio[i];
    line[i] = Bounded(dry + feedback[i] * wet);
    audio[i] = Mixed(dry, wet, mix[i]);
  }
}

// The number of frames, at most num_frames, for which reading and writing go on without wrapping
// around, and a frame is known before it is read; 0 if not even one.
int FixedRun(const DelayTap& tap, const DelayLine& line, int num_frames) {
  if (tap.oldest == 2) return 0;
  const int64_t read = line.Position(tap.oldest);
  int64_t run = tap.known_frames;
  if (run < kShortestRun) {
    // Then what has just been written is read, but not yet where it is repeated.
    run = read < line.write() ? num_frames : std::max<int64_t>(run, 1);
  }
  return static_cast<int>(std::min<int64_t>(
      {run, num_frames, line.num_frames() - line.write(), line.num_frames() - read}));
}

// A single frame, for the shortest delays.
void EchoFrame(const DelayTap& tap, float feedback, float mix, int frame, Block audio,
               DelayLine& line) {
  const int64_t write = line.write();
  const int64_t read = line.Position(tap.oldest);
  const int64_t last = line.Position(1);
  for (int c = 0; c < audio.num_channels(); ++c) {
    float* const ring = line.channel(c);
    float& sample = audio.channel(c)[frame];
    float wet;
    if (tap.oldest > 2) {
      wet = tap.Read(ring + read);
      ring[write] = Bounded(sample + feedback * wet);
    } else {
      // Less than a frame: this frame is itself part of what is read, but is fed back in the next.
      const float now = Bounded(sample + feedback * ring[last]);
      wet = tap.is_whole() ? now : ring[last] * tap.weights[1] + now * tap.weights[2];
      ring[write] = now;
    }
    sample = Mixed(sample, wet, mix);
  }
  line.Advance(1);
}

template <typename Values>
void RunFixed(const DelayTap& tap, Block audio, Values feedback, Values mix, DelayLine& line) {
  for (int done = 0; done < audio.num_frames();) {
    const int run = FixedRun(tap, line, audio.num_frames() - done);
    if (run == 0) {
      EchoFrame(tap, feedback[done], mix[done], done, audio, line);
      ++done;
      continue;
    }
    for (int c = 0; c < audio.num_channels(); ++c) {
      float* const ring = line.channel(c);
      const float* const p = ring + line.Position(tap.oldest);
      const auto echo = [&](auto delayed) HWY_ATTR {
        EchoRun(delayed, feedback + done, mix + done, run, ring + line.write(),
                audio.channel(c).data() + done);
      };
      if (tap.is_whole()) {
        echo([p](int i) HWY_ATTR { return p[i + 2]; });
      } else {
        echo([p, weights = tap.weights](int i)
                 HWY_ATTR { return InterpolateDelay(p + i, weights); });
      }
    }
    line.Advance(run);
    done += run;
  }
}

template <typename Values>
void RunMoving(const DelayTaps& taps, Block audio, Values feedback, Values mix, DelayLine& line) {
  int32_t positions[kMaxFrames];
  float wet[kMaxFrames];
  for (int done = 0; done < audio.num_frames();) {
    const int64_t to_end = line.num_frames() - line.write();
    const int run =
        taps.KnownRun(done, static_cast<int>(std::min<int64_t>(audio.num_frames() - done, to_end)));
    if (run < DelayTaps::kFewest) {
      EchoFrame(taps[done], feedback[done], mix[done], done, audio, line);
      ++done;
      continue;
    }
    taps.Locate(done, run, line.write(), line.num_frames(), positions);
    for (int c = 0; c < audio.num_channels(); ++c) {
      float* const ring = line.channel(c);
      taps.Read(done, run, ring, positions, wet);
      EchoRun([&wet](int i) HWY_ATTR { return wet[i]; }, feedback + done, mix + done, run,
              ring + line.write(), audio.channel(c).data() + done);
    }
    line.Advance(run);
    done += run;
  }
}

const float* PerFrame(const Control& control, int num_frames, float* scratch) {
  if (!control.is_constant()) return control.values().data();
  std::fill_n(scratch, num_frames, control.constant());
  return scratch;
}

template <typename Values>
void Run(const DelayRange& range, const Control& delay_seconds, Values feedback, Values mix,
         Block audio, DelayLine& line) {
  if (delay_seconds.is_constant()) {
    RunFixed(DelayTap(range.Frames(delay_seconds.constant())), audio, feedback, mix, line);
  } else {
    RunMoving(DelayTaps(delay_seconds.values().data(), audio.num_frames(), range), audio, feedback,
              mix, line);
  }
}

void Add(const DelayRange& range, const Control& delay_seconds, const Control& feedback,
         const Control& mix, Block audio, DelayLine& line) {
  if (feedback.is_constant() && mix.is_constant()) {
    Run(range, delay_seconds, Same{feedback.constant()}, Same{mix.constant()}, audio, line);
    return;
  }
  float feedback_scratch[kMaxFrames], mix_scratch[kMaxFrames];
  Run(range, delay_seconds, PerFrame(feedback, audio.num_frames(), feedback_scratch),
      PerFrame(mix, audio.num_frames(), mix_scratch), audio, line);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace patchbay
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace patchbay {

HWY_EXPORT(Add);

void AddEchoes(const DelayRange& range, const Control& delay_seconds, const Control& feedback,
               const Control& mix, Block audio, DelayLine& line) {
  HWY_DYNAMIC_DISPATCH(Add)(range, delay_seconds, feedback, mix, audio, line);
}

}  // namespace patchbay
#endif  // HWY_ONCE
