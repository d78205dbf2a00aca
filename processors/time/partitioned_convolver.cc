#include "processors/time/partitioned_convolver.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "processors/time/convolution_kernels.h"

namespace patchbay {
namespace {

// Taps of the direct filter, and block lengths of the levels. Fastest for two-second responses;
// a larger last block would make the longest call longer.
constexpr int kHeadTaps = 64;
constexpr int kBlockFrames[] = {kHeadTaps, 512, 4096};

// A level pays when this many of its blocks fit into the response; else the level below goes on.
constexpr int kWorthwhileBlocks = 3;

// A history is a ring of frames with a copy of its last kHeadTaps frames before its first one, so
// that the direct filter finds its past in one piece, and room for what it reads past the end.
constexpr int64_t HistoryFloats(int history_frames) {
  return kHeadTaps + history_frames + kFirPadding;
}

int64_t SpectrumFloats(int block_frames, int count) { return int64_t{2} * block_frames * count; }

std::vector<ConvolutionPath> ByOutput(std::vector<ConvolutionPath> paths) {
  std::ranges::stable_sort(paths, {}, &ConvolutionPath::output);
  return paths;
}

}  // namespace

std::vector<PartitionedConvolver::Partitions> PartitionedConvolver::Plan(int64_t num_taps) {
  std::vector<Partitions> levels;
  for (const int block : kBlockFrames) {
    const int64_t least = levels.empty() ? block + 1 : int64_t{kWorthwhileBlocks} * block;
    if (num_taps < least) break;
    if (!levels.empty()) levels.back().count = block / levels.back().block_frames - 1;
    levels.push_back({block, static_cast<int>((num_taps - 1) / block)});
  }
  return levels;
}

// A level looks back two blocks.
int PartitionedConvolver::HistoryFrames(const std::vector<Partitions>& levels) {
  return 2 * (levels.empty() ? kHeadTaps : levels.back().block_frames);
}

int64_t PartitionedConvolver::NumFloats(const ConvolverShape& shape) {
  const std::vector<Partitions> levels = Plan(shape.num_taps);
  int64_t floats = shape.num_inputs * HistoryFloats(HistoryFrames(levels));
  for (const auto [block_frames, count] : levels) {
    floats += shape.num_inputs * SpectrumFloats(block_frames, count);
    floats += int64_t{shape.num_outputs} * block_frames;
  }
  return floats;
}

// Two spectra of the longest block; the outputs of a call within a block.
int64_t PartitionedConvolver::NumScratchFloats(const ConvolverShape& shape) {
  return 2 * HistoryFrames(Plan(shape.num_taps)) + kHeadTaps + kFirPadding;
}

int64_t PartitionedConvolver::SharedBytes(const ConvolverShape& shape) {
  int64_t floats = shape.num_responses * std::min<int64_t>(kHeadTaps, shape.num_taps);
  for (const auto [block_frames, count] : Plan(shape.num_taps)) {
    floats += shape.num_responses * SpectrumFloats(block_frames, count);
  }
  return floats * sizeof(float) + std::size(kBlockFrames) * sizeof(Level) +
         shape.num_outputs * shape.num_inputs * sizeof(ConvolutionPath);
}

int64_t PartitionedConvolver::MemoryBytes(const ConvolverShape& shape) {
  return (NumFloats(shape) + NumScratchFloats(shape)) * sizeof(float) + sizeof(Memory) +
         std::size(kBlockFrames) * sizeof(Memory::Ring);
}

PartitionedConvolver::PartitionedConvolver(const ConvolverShape& shape,
                                           std::vector<ConvolutionPath> paths,
                                           const std::vector<std::span<const float>>& responses,
                                           double scale)
    : shape_(shape),
      paths_(ByOutput(std::move(paths))),
      num_head_taps_(static_cast<int>(std::min<int64_t>(kHeadTaps, shape.num_taps))) {
  head_.reserve(shape.num_responses * num_head_taps_);
  for (const std::span<const float> response : responses) {
    for (int k = 0; k < num_head_taps_; ++k)
      head_.push_back(static_cast<float>(scale * response[k]));
  }
  const std::vector<Partitions> plan = Plan(shape.num_taps);
  history_frames_ = HistoryFrames(plan);
  int64_t begin = shape.num_inputs * HistoryFloats(history_frames_);
  for (const Partitions& partitions : plan) {
    const auto [size, count] = partitions;
    Level level = {.partitions = partitions, .transform = &BlockTransform::OfSize(size)};
    level.taps.resize(shape.num_responses * SpectrumFloats(size, count));
    AlignedFloats block(size), silence(size), scratch(2 * size), spectrum(2 * size);
    for (int r = 0; r < shape.num_responses; ++r) {
      for (int p = 0; p < count; ++p) {
        const int64_t first = int64_t{size} * (p + 1);
        const int64_t num_taps = std::min<int64_t>(size, shape.num_taps - first);
        std::ranges::fill(block, 0.0f);
        // The inverse transform multiplies by `size`.
        for (int64_t k = 0; k < num_taps; ++k) {
          block[k] = static_cast<float>(scale / size * responses[r][first + k]);
        }
        level.transform->Forward(block.data(), silence.data(), scratch.data(), spectrum.data());
        StorePartition(spectrum.data(), size / kBandBins, count, p,
                       level.taps.data() + r * SpectrumFloats(size, count));
      }
    }
    level.spectra_begin = begin;
    level.outputs_begin = begin + shape.num_inputs * SpectrumFloats(size, count);
    begin = level.outputs_begin + int64_t{shape.num_outputs} * size;
    levels_.push_back(std::move(level));
  }
}

void PartitionedConvolver::Memory::Archive(StateArchive& archive) {
  archive.Values(floats);
  for (Ring& ring : spectra) archive.Index(ring.newest, ring.size);
  archive.Index(frame, history_frames);
}

PartitionedConvolver::Memory PartitionedConvolver::NewMemory() const {
  Memory memory;
  memory.floats.resize(NumFloats(shape_));
  memory.scratch.resize(NumScratchFloats(shape_));
  memory.spectra.reserve(levels_.size());
  for (const Level& level : levels_) memory.spectra.push_back({.size = level.partitions.count});
  memory.history_frames = history_frames_;
  return memory;
}

float* PartitionedConvolver::History(Memory& memory, int input) const {
  return memory.floats.data() + input * HistoryFloats(history_frames_) + kHeadTaps;
}

void PartitionedConvolver::Process(ConstBlock in, Block out, Memory& memory) const {
  assert(in.num_channels() == shape_.num_inputs && out.num_channels() == shape_.num_outputs);
  for (int done = 0; done < in.num_frames();) {
    const int count = std::min(kHeadTaps - memory.frame % kHeadTaps, in.num_frames() - done);
    ProcessWithinBlock(in.Frames(done, count), out.Frames(done, count), memory);
    done += count;
    for (size_t i = 0; i < levels_.size(); ++i) {
      if (memory.frame % levels_[i].partitions.block_frames != 0) break;
      auto& [newest, size] = memory.spectra[i];
      newest = newest == 0 ? size - 1 : newest - 1;
      FinishBlock(levels_[i], newest, memory);
    }
    if (memory.frame < history_frames_) continue;
    memory.frame = 0;
    for (int i = 0; i < shape_.num_inputs; ++i) {
      float* history = History(memory, i);
      std::copy_n(history + history_frames_ - kHeadTaps, kHeadTaps, history - kHeadTaps);
    }
  }
}

// Frames up to the end of the shortest block: the direct filter, and what the levels have ready.
void PartitionedConvolver::ProcessWithinBlock(ConstBlock in, Block out, Memory& memory) const {
  const int frame = memory.frame;
  const int count = in.num_frames();
  for (int i = 0; i < shape_.num_inputs; ++i) {
    std::ranges::copy(in.channel(i), History(memory, i) + frame);
  }
  float* sum = memory.scratch.data();
  auto path = paths_.begin();
  for (int o = 0; o < shape_.num_outputs; ++o) {
    std::fill_n(sum, count + kFirPadding, 0.0f);
    for (const Level& level : levels_) {
      const int size = level.partitions.block_frames;
      const float* ready =
          memory.floats.data() + level.outputs_begin + int64_t{o} * size + frame % size;
      for (int n = 0; n < count; ++n) sum[n] += ready[n];
    }
    for (; path != paths_.end() && path->output == o; ++path) {
      AddFir(head_.data() + path->response * num_head_taps_, num_head_taps_,
             History(memory, path->input) + frame, count, sum);
    }
    std::copy_n(sum, count, out.channel(o).data());
  }
  memory.frame += count;
}

// Transforms the block of every input that is complete at memory.frame and computes the outputs of
// the frames that follow.
void PartitionedConvolver::FinishBlock(const Level& level, int newest, Memory& memory) const {
  const auto [size, count] = level.partitions;
  float* scratch = memory.scratch.data();
  float* spectrum = scratch + 2 * size;
  float* spectra = memory.floats.data() + level.spectra_begin;
  const int block = memory.frame - size;
  const int block_before = (block + history_frames_ - size) % history_frames_;
  for (int i = 0; i < shape_.num_inputs; ++i) {
    const float* history = History(memory, i);
    level.transform->Forward(history + block_before, history + block, scratch, spectrum);
    StorePartition(spectrum, size / kBandBins, count, newest,
                   spectra + i * SpectrumFloats(size, count));
  }
  auto path = paths_.begin();
  for (int o = 0; o < shape_.num_outputs; ++o) {
    bool add = false;
    for (; path != paths_.end() && path->output == o; ++path, add = true) {
      MultiplySpectra(spectra + path->input * SpectrumFloats(size, count),
                      level.taps.data() + path->response * SpectrumFloats(size, count),
                      size / kBandBins, count, newest, add, spectrum);
    }
    level.transform->InverseSecond(spectrum, scratch,
                                   memory.floats.data() + level.outputs_begin + int64_t{o} * size);
  }
}

}  // namespace patchbay
