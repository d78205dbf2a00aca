#ifndef CLIENTS_CPP_CLIP_BUILDER_H_
#define CLIENTS_CPP_CLIP_BUILDER_H_

#include <cstdint>
#include <vector>

#include "clients/cpp/stream.h"
#include "processors/core/clip.h"

namespace patchbay {

// Collects the pieces of one output into a clip.
class ClipBuilder {
 public:
  // expected_frames: as good a guess as there is; the clip grows where it is too short.
  ClipBuilder(const v1::AudioFormat& format, int64_t expected_frames);

  // In order.
  void Append(const AudioPiece& piece);

  // What was collected. Leaves nothing.
  Clip Take();

 private:
  void Resize(int64_t num_frames);

  Clip clip_;
  int64_t num_frames_ = 0;
};

// Collects every output of a stream, however many there turn out to be.
class ClipCollector {
 public:
  // expected_frames: of outputs that were not pending.
  ClipCollector(const Stream& stream, int64_t expected_frames)
      : stream_(stream), expected_frames_(expected_frames) {}

  // While this lives.
  Sink sink();

  std::vector<Clip> Take();

 private:
  // Of the outputs known so far.
  void AddBuilders();

  const Stream& stream_;
  const int64_t expected_frames_;
  std::vector<ClipBuilder> builders_;
};

}  // namespace patchbay

#endif  // CLIENTS_CPP_CLIP_BUILDER_H_
