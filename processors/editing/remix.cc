#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/core/finite.h"
#include "processors/core/processor.h"
#include "processors/core/registry.h"

namespace patchbay {
namespace {

// Gains, channels of the output x channels of the input.
struct Matrix {
  Matrix(int outs, int ins) : num_ins(ins), gains(static_cast<size_t>(outs) * ins) {}
  float& at(int out, int in) { return gains[out * num_ins + in]; }

  int num_ins;
  std::vector<float> gains;
};

// ITU-R BS.775-3, table 2: surround to stereo. Centre and surrounds come in 3 dB lower.
Matrix SurroundToStereo(int ins) {
  constexpr float kHalfPower = std::numbers::sqrt2_v<float> / 2;
  Matrix matrix(2, ins);
  matrix.at(0, 0) = matrix.at(1, 1) = 1;
  const bool has_centre = ins != 4;
  if (has_centre) matrix.at(0, 2) = matrix.at(1, 2) = kHalfPower;
  const int surrounds = ins == 4 ? 2 : ins == 5 ? 3 : 4;  // after the low frequency channel, if any
  for (int in = surrounds; in < ins; ++in) matrix.at((in - surrounds) % 2, in) = kHalfPower;
  return matrix;
}

Matrix Standard(int outs, int ins) {
  Matrix matrix(outs, ins);
  if (outs == 2 && (ins == 4 || ins == 5 || ins == 6 || ins == 8)) return SurroundToStereo(ins);
  for (int out = 0; out < outs; ++out) {
    if (ins == 1) matrix.at(out, 0) = 1;
    const int share = (ins - out + outs - 1) / outs;  // of the inputs out, out + outs, ...
    for (int in = out; in < ins; in += outs) matrix.at(out, in) = 1.0f / share;
  }
  return matrix;
}

class Remix final : public NativeProcessor<Remix, NoMemory> {
 public:
  static ProcessorSpec Spec() {
    return {
        .name = "remix",
        .summary = "Mixes channels into other channels: to mono, to stereo, or by a matrix.",
        .doc =
            "out[o] = the sum of matrix[o][i] * in[i]. Without a matrix, standard: mono goes to "
            "every channel; surround sound (4, 5, 6 or 8 channels in the order of WAVE files, low "
            "frequencies fourth of 6 or 8) becomes stereo by ITU-R BS.775-3, without the low "
            "frequency channel and without lowering the front; otherwise channel i goes to channel "
            "i modulo the number of outputs, those that meet are averaged, and channels that "
            "nothing goes to are silent. Mono is the average of all channels. swap turns the order "
            "of the channels around; mid_side makes (L + R) / 2, (L - R) / 2 of left and right, "
            "and "
            "left_right makes M + S, M - S of those.",
        .category = "editing",
        .example = "remix(channels=1)",
        .parameters =
            {
                {
                    .name = "channels",
                    .type = ParameterType::kInteger,
                    .minimum = 1,
                    .maximum = 64,
                    .default_value = 2,
                    .doc = "Channels of the output.",
                },
                {
                    .name = "preset",
                    .type = ParameterType::kChoice,
                    .choices = {"standard", "swap", "mid_side", "left_right"},
                    .doc = "What to do without a matrix. swap needs as many channels out as in, "
                           "mid_side and left_right two of each.",
                },
                {
                    .name = "matrix",
                    .type = ParameterType::kNumberList,
                    .minimum = -1000,
                    .maximum = 1000,
                    .doc = "Gains, for the first output channel of every input channel, then for "
                           "the next output channel; empty: as preset.",
                },
            },
    };
  }

  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format) {
    const int ins = format.input_channels[0];
    const int outs = parameters.integer("channels");
    const std::string& preset = parameters.choice("preset");
    const size_t size = parameters.numbers("matrix").size();
    if (size != 0 && size != static_cast<size_t>(ins * outs)) {
      return parameters.Error("matrix",
                              absl::StrCat("has ", size, " gains: give ", ins * outs, " for ", ins,
                                           " channels in and channels = ", outs, ", or none"));
    }
    if (size == 0 && preset != "standard" && (outs != ins || (preset != "swap" && ins != 2))) {
      return parameters.Error(
          "preset", absl::StrCat("cannot make ", outs, " channels of ", ins, ": it takes ",
                                 preset == "swap" ? "as many as the input has" : "2 of 2"));
    }
    return Layout{.output_channels = {outs},
                  .state_bytes = 64,
                  .shared_bytes = static_cast<int64_t>(ins * outs * sizeof(float))};
  }

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters& parameters,
                                                                 const StreamFormat& format) {
    const int ins = format.input_channels[0];
    const int outs = parameters.integer("channels");
    const std::string& preset = parameters.choice("preset");
    Matrix matrix(outs, ins);
    if (!parameters.numbers("matrix").empty()) {
      std::ranges::copy(parameters.numbers("matrix"), matrix.gains.begin());
    } else if (preset == "swap") {
      for (int c = 0; c < ins; ++c) matrix.at(c, ins - 1 - c) = 1;
    } else if (preset == "standard") {
      matrix = Standard(outs, ins);
    } else {
      const float gain = preset == "mid_side" ? 0.5f : 1;
      matrix.gains = {gain, gain, gain, -gain};
    }
    return std::make_shared<Remix>(std::move(matrix));
  }

  explicit Remix(Matrix matrix) : matrix_(std::move(matrix)) {}

  NoMemory NewMemory() const { return {}; }

  void Run(const ProcessIo& io, NoMemory&) const {
    const float* gain = matrix_.gains.data();
    Fill(io.outs[0], 0);
    for (int out = 0; out < io.outs[0].num_channels(); ++out) {
      float* const sum = io.outs[0].channel(out).data();
      for (int in = 0; in < matrix_.num_ins; ++in, ++gain) {
        if (*gain == 0) continue;
        const float g = *gain;
        const float* const samples = io.ins[0].channel(in).data();
        for (int i = 0; i < io.num_frames; ++i) sum[i] = Finite(sum[i] + g * samples[i]);
      }
    }
  }

 private:
  const Matrix matrix_;
};

const Registration<Remix> kRemix;

}  // namespace
}  // namespace patchbay
