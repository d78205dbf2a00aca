// Times Descriptions over one signal, in process, for compare_pedalboard.py and automation.py:
//
//   engine_timer SIGNAL IMPULSE     planar float32 stereo at 48 kHz
//
// Reads one line of the text form at a time from standard input (statements apart by ';'), runs it
// over the signal in chunks of 8192 frames, and prints the seconds of processor time that took:
// what else runs on the machine does not count. Opening the engine is not counted, as making a
// plugin is not. A chain that begins with a generator takes no input and makes as much sound as the
// signal is long.

#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "processors/graph/engine.h"
#include "processors/graph/text_form.h"

namespace patchbay::benchmarks {
namespace {

constexpr int kSampleRateHz = 48000;
constexpr int kChannels = 2;
constexpr int kChunkFrames = 8192;

std::shared_ptr<const Clip> ReadClip(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const int64_t frames = static_cast<int64_t>(bytes.size() / sizeof(float) / kChannels);
  auto clip = std::make_shared<Clip>(kSampleRateHz, kChannels, frames);
  std::copy_n(bytes.data(), bytes.size(), reinterpret_cast<char*>(clip->channel(0).data()));
  return clip;
}

absl::StatusOr<double> Time(const std::string& text, const Clip& signal,
                            const std::shared_ptr<const Clip>& impulse) {
  const auto expression = ParseText(text, Registry::Global());
  if (!expression.ok()) return expression.status();
  const auto open = [&](std::vector<int> input_channels) {
    return Plan::Create(*expression,
                        {.sample_rate_hz = kSampleRateHz,
                         .input_channels = std::move(input_channels),
                         .clips = {{"impulse", impulse}}},
                        {});
  };
  auto plan = open({kChannels});
  const bool has_input = plan.ok();
  if (!has_input) {
    auto without_input = open({});
    if (!without_input.ok()) return plan.status();
    plan = std::move(without_input);
  }
  const auto engine = Engine::Create(*plan);
  if (!engine.ok()) return engine.status();
  std::vector<Clip> outs;
  for (const int edge : (*plan)->outputs) {
    outs.emplace_back(kSampleRateHz, (*plan)->edges[edge].num_channels, signal.num_frames());
  }
  std::vector<std::vector<float>> curves((*plan)->control_outputs.size(),
                                         std::vector<float>(signal.num_frames()));
  const std::clock_t start = std::clock();
  for (int64_t first = 0; first < signal.num_frames(); first += kChunkFrames) {
    const int count =
        static_cast<int>(std::min<int64_t>(kChunkFrames, signal.num_frames() - first));
    const ConstBlock in = signal.Frames(first, count);
    std::vector<Block> to;
    for (Clip& out : outs) to.push_back(out.Frames(first, count));
    std::vector<std::span<float>> controls;
    for (auto& curve : curves) controls.push_back(std::span(curve).subspan(first, count));
    const absl::Status status = (*engine)->Process({&in, has_input ? 1u : 0u}, to, controls, count);
    if (!status.ok()) return status;
  }
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

}  // namespace
}  // namespace patchbay::benchmarks

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: engine_timer SIGNAL IMPULSE\n");
    return 2;
  }
  const auto signal = patchbay::benchmarks::ReadClip(argv[1]);
  const auto impulse = patchbay::benchmarks::ReadClip(argv[2]);
  for (std::string line; std::getline(std::cin, line);) {
    const auto seconds = patchbay::benchmarks::Time(line, *signal, impulse);
    if (!seconds.ok()) {
      std::fprintf(stderr, "%s\n", std::string(seconds.status().message()).c_str());
      return 1;
    }
    std::printf("%.9f\n", *seconds);
    std::fflush(stdout);
  }
}
