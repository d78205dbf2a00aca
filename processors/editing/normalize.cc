#include <ebur128.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "processors/core/clip_restriction.h"
#include "processors/core/decibels.h"
#include "processors/core/errors.h"
#include "processors/core/finite.h"
#include "processors/core/stretches.h"
#include "processors/editing/piece_features.h"

namespace patchbay {
namespace {

// Less than this is silence, which cannot be made loud.
constexpr double kSilence = 1e-12;

absl::StatusOr<double> Peak(const Clip& clip, const Progress& progress) {
  return PeakMagnitude({&clip, {0, clip.num_frames()}}, progress);
}

absl::StatusOr<double> Rms(const Clip& clip, const Progress& progress) {
  PATCHBAY_ASSIGN_OR_RETURN(const double power,
                            MeanPower({&clip, {0, clip.num_frames()}}, progress));
  return std::sqrt(power);
}

// Integrated loudness as an amplitude ratio: 0 if all of it is below the gate.
absl::StatusOr<double> Loudness(const Clip& clip, const Progress& progress) {
  struct Destroy {
    void operator()(ebur128_state* state) const { ebur128_destroy(&state); }
  };
  const std::unique_ptr<ebur128_state, Destroy> meter(
      ebur128_init(clip.num_channels(), clip.sample_rate_hz(), EBUR128_MODE_I));
  if (meter == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("loudness cannot be measured at ", clip.sample_rate_hz(),
                     " Hz: resample the clip, or normalize its peak or rms"));
  }
  // The gate looks at 0.4 s at a time: a shorter clip is repeated until it has heard that much.
  const int64_t total = std::max<int64_t>(clip.num_frames(), clip.sample_rate_hz() / 2 + 1);
  std::vector<float> interleaved;
  for (int64_t done = 0; done < total && clip.num_frames() > 0;) {
    PATCHBAY_RETURN_IF_ERROR(progress(static_cast<double>(done) / total));
    const int64_t first = done % clip.num_frames();
    const int64_t count = std::min<int64_t>({1 << 16, total - done, clip.num_frames() - first});
    interleaved.resize(count * clip.num_channels());
    for (int c = 0; c < clip.num_channels(); ++c) {
      const auto samples = clip.channel(c).subspan(first, count);
      for (int64_t i = 0; i < count; ++i) interleaved[i * clip.num_channels() + c] = samples[i];
    }
    if (ebur128_add_frames_float(meter.get(), interleaved.data(), count) != EBUR128_SUCCESS) {
      return absl::InternalError("libebur128 failed");
    }
    done += count;
  }
  double lufs = 0;
  if (ebur128_loudness_global(meter.get(), &lufs) != EBUR128_SUCCESS) {
    return absl::InternalError("libebur128 failed");
  }
  return DecibelsToRatio(lufs);
}

absl::StatusOr<Clip> Normalize(Clip clip, const Progress& progress, double level_db,
                               const std::string& measure) {
  const auto measured = measure == "lufs" ? &Loudness : measure == "peak" ? &Peak : &Rms;
  PATCHBAY_ASSIGN_OR_RETURN(const double level, measured(clip, StepOf(progress, 0, 2)));
  if (!(level > kSilence)) return clip;
  const float gain = static_cast<float>(DecibelsToRatio(level_db) / level);
  const auto scale = [&](int64_t first, int count) {
    for (int c = 0; c < clip.num_channels(); ++c) {
      for (float& x : clip.channel(c).subspan(first, count)) x = Finite(x * gain);
    }
  };
  PATCHBAY_RETURN_IF_ERROR(InStretches(clip.num_frames(), StepOf(progress, 1, 2), scale));
  return clip;
}

const ClipRestriction kNormalize(
    &Normalize,
    {
        .name = "normalize",
        .summary = "Brings a clip to a level: of its peak, its RMS or its loudness.",
        .doc =
            "Multiplies the clip by one gain for all channels. peak is the largest magnitude of a "
            "sample; rms the root of the mean square of all samples, so that a full-scale sine has "
            "-3 dB; lufs the integrated loudness of ITU-R BS.1770-4 (EBU R 128, by libebur128), "
            "for which level_db is in LUFS, usually -23 for broadcast or -16 to -14 for streaming. "
            "A clip shorter than half a second is measured as if it were repeated. Silence stays "
            "silent. Only the measure peak keeps the result from exceeding 0 dB.",
        .category = "editing",
        .example = "normalize(level_db=-1)",
        .parameters =
            {
                {
                    .name = "level_db",
                    .unit = Unit::kDecibels,
                    .minimum = -120,
                    .maximum = 40,
                    .default_value = -1,
                    .doc = "Level of the result; of measure lufs in LUFS.",
                },
                {
                    .name = "measure",
                    .type = ParameterType::kChoice,
                    .choices = {"peak", "rms", "lufs"},
                    .doc = "What is brought to that level.",
                },
            },
    });

}  // namespace
}  // namespace patchbay
