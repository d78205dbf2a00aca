#ifndef PROCESSORS_ANALYSIS_HOPS_H_
#define PROCESSORS_ANALYSIS_HOPS_H_

#include <algorithm>
#include <cstdint>

namespace patchbay {

// Cuts num_frames frames from absolute `position_frames` on at the hops, the multiples of
// hop_frames, which may be negative. Calls piece(first, count) for each run of frames between
// hops, and at_hop() after each that a hop follows: so an analysis happens at the same frames
// however a stream is cut into calls.
template <typename Piece, typename AtHop>
void CutAtHops(int64_t position_frames, int num_frames, int64_t hop_frames, Piece piece,
               AtHop at_hop) {
  int64_t phase = position_frames % hop_frames;
  if (phase < 0) phase += hop_frames;
  for (int done = 0; done < num_frames;) {
    const int count = static_cast<int>(std::min<int64_t>(num_frames - done, hop_frames - phase));
    piece(done, count);
    done += count;
    phase += count;
    if (phase == hop_frames) {
      at_hop();
      phase = 0;
    }
  }
}

}  // namespace patchbay

#endif  // PROCESSORS_ANALYSIS_HOPS_H_
