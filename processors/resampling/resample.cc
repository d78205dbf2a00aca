#include <soxr.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/core/registry.h"
#include "processors/core/resizing_processor.h"

namespace patchbay {
namespace {

// libsoxr overflows its own buffers at a thousand times this.
constexpr int kMaxRatio = 1024;
constexpr int kScratchFrames = 4096;

struct Rates {
  int in_hz;
  int out_hz;

  int64_t OutputFrames(int64_t input_frames) const {
    return (input_frames * out_hz * 2 + in_hz) / (int64_t{2} * in_hz);
  }
};

unsigned long Recipe(const std::string& quality) {
  if (quality == "quick") return SOXR_QQ;
  if (quality == "low") return SOXR_LQ;
  if (quality == "medium") return SOXR_MQ;
  if (quality == "very_high") return SOXR_VHQ;
  return SOXR_HQ;
}

class ResampleState final : public ResizingState {
 public:
  ResampleState(Rates rates, int num_channels, unsigned long recipe)
      : rates_(rates), scratch_(static_cast<size_t>(num_channels) * kScratchFrames) {
    const soxr_io_spec_t planar_floats = soxr_io_spec(SOXR_FLOAT32_S, SOXR_FLOAT32_S);
    const soxr_quality_spec_t quality = soxr_quality_spec(recipe, 0);
    const soxr_runtime_spec_t one_thread = soxr_runtime_spec(1);
    soxr_.reset(soxr_create(rates.in_hz, rates.out_hz, num_channels, &error_, &planar_floats,
                            &quality, &one_thread));
    ins_.resize(num_channels);
    for (int c = 0; c < num_channels; ++c) outs_.push_back(&scratch_[c * kScratchFrames]);
  }

  absl::Status Process(const ResizeIo& io) override {
    if (soxr_ == nullptr) return Failure();
    num_in_ += io.in.num_frames();
    // Until everything is read and all that can come out so far is out.
    for (int done = 0, count = -1; done < io.in.num_frames() || count == kScratchFrames;) {
      for (int c = 0; c < io.in.num_channels(); ++c) ins_[c] = io.in.channel(c).data() + done;
      size_t num_read = 0;
      PATCHBAY_RETURN_IF_ERROR(
          Step(ins_.data(), io.in.num_frames() - done, &num_read, kUnknownEnd, io.out, &count));
      if (num_read == 0 && count == 0) return absl::InternalError("libsoxr stands still");
      done += static_cast<int>(num_read);
    }
    return io.is_last ? Drain(io.out) : absl::OkStatus();
  }

 private:
  struct Delete {
    void operator()(soxr* resampler) const { soxr_delete(resampler); }
  };

  absl::Status Failure() const {
    return absl::InternalError(absl::StrCat("libsoxr: ", error_ == nullptr ? "failed" : error_));
  }

  // One call of soxr_process; what comes out is appended, up to `limit` frames of output in all.
  absl::Status Step(const float* const* ins, size_t num_frames, size_t* num_read, int64_t limit,
                    FrameQueue& out, int* count) {
    size_t num_written = 0;
    error_ = soxr_process(soxr_.get(), ins, num_frames, num_read, outs_.data(), kScratchFrames,
                          &num_written);
    if (error_ != nullptr) return Failure();
    *count = static_cast<int>(num_written);
    const int kept = static_cast<int>(std::min<int64_t>(*count, limit - num_out_));
    out.Append(ConstBlock(scratch_.data(), out.num_channels(), kept, kScratchFrames));
    num_out_ += kept;
    return absl::OkStatus();
  }

  // libsoxr takes no input after this.
  absl::Status Drain(FrameQueue& out) {
    const int64_t end = rates_.OutputFrames(num_in_);
    for (int count = -1; num_out_ < end && count != 0;) {
      PATCHBAY_RETURN_IF_ERROR(Step(nullptr, 0, nullptr, end, out, &count));
    }
    while (num_out_ < end) {
      const int count = static_cast<int>(std::min<int64_t>(end - num_out_, kScratchFrames));
      Fill(out.Append(count), 0);
      num_out_ += count;
    }
    return absl::OkStatus();
  }

  const Rates rates_;
  std::unique_ptr<soxr, Delete> soxr_;
  soxr_error_t error_ = nullptr;
  std::vector<float> scratch_;  // channels x kScratchFrames
  std::vector<const float*> ins_;
  std::vector<float*> outs_;
  int64_t num_in_ = 0;
  int64_t num_out_ = 0;
};

class Resample final : public ResizingProcessor {
 public:
  static ProcessorSpec Spec() {
    return {
        .name = "resample",
        .summary = "Changes the sample rate.",
        .doc =
            "Band-limited interpolation by libsoxr (the SoX resampler), in its qualities quick "
            "(cubic), low (16 bits, larger rolloff), medium (16 bits), high (20 bits) and "
            "very_high (28 bits), linear phase. Its delay is compensated: output frame 0 "
            "is at the time of input frame 0, and n frames become n * sample_rate_hz / input rate, "
            "rounded. A clip that has the sample rate already stays as it is.",
        .category = "resampling",
        .example = "resample(sample_rate_hz=16000)",
        .timing = Timing::kResizing,
        .checkpointable = false,
        .parameters =
            {
                {
                    .name = "sample_rate_hz",
                    .type = ParameterType::kInteger,
                    .unit = Unit::kHertz,
                    .minimum = 1,
                    .maximum = 768000,
                    .required = true,
                    .doc = "Sample rate of the output; at most 1024 times that of the input, or "
                           "1024 times less.",
                },
                {
                    .name = "quality",
                    .type = ParameterType::kChoice,
                    .choices = {"high", "very_high", "medium", "low", "quick"},
                    .doc = "Precision and width of the pass band.",
                },
            },
    };
  }

  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format) {
    const int64_t in_hz = format.sample_rate_hz;
    const int64_t out_hz = parameters.integer("sample_rate_hz");
    if (out_hz > kMaxRatio * in_hz || in_hz > kMaxRatio * out_hz) {
      return parameters.Error("sample_rate_hz",
                              absl::StrCat("is too far from the input's ", in_hz, " Hz: take ",
                                           (in_hz + kMaxRatio - 1) / kMaxRatio, " to ",
                                           std::min<int64_t>(768000, in_hz * kMaxRatio), " Hz"));
    }
    constexpr int64_t kBytesPerChannel = 1'400'000;  // above the most that was measured
    return Layout{
        .output_channels = {format.input_channels[0]},
        .output_sample_rate_hz = static_cast<int>(out_hz),
        .state_bytes = kBytesPerChannel * format.input_channels[0],
    };
  }

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters& parameters,
                                                                 const StreamFormat& format) {
    return std::make_shared<Resample>(
        Rates{format.sample_rate_hz, parameters.integer("sample_rate_hz")},
        format.input_channels[0], Recipe(parameters.choice("quality")));
  }

  Resample(Rates rates, int num_channels, unsigned long recipe)
      : rates_(rates), num_channels_(num_channels), recipe_(recipe) {}

  std::unique_ptr<ResizingState> NewState() const override {
    return std::make_unique<ResampleState>(rates_, num_channels_, recipe_);
  }

 private:
  const Rates rates_;
  const int num_channels_;
  const unsigned long recipe_;
};

const Registration<Resample> kResample;

}  // namespace
}  // namespace patchbay
