#include "processors/core/state.h"

#include <cassert>

namespace patchbay {

void State::Process(const ProcessIo& io) {
  assert(io.num_frames > 0 && io.num_frames <= kMaxFrames);
  for ([[maybe_unused]] const ConstBlock& in : io.ins) {
    assert(in.num_channels() == 0 || in.num_frames() == io.num_frames);
  }
  for ([[maybe_unused]] const Block& out : io.outs) assert(out.num_frames() == io.num_frames);
  Run(io);
}

std::string State::Save() {
  std::string bytes;
  StateArchive archive = StateArchive::Saving(&bytes);
  Archive(archive);
  return bytes;
}

absl::Status State::Load(absl::string_view bytes) {
  StateArchive archive = StateArchive::Loading(bytes);
  Archive(archive);
  return archive.Finish();
}

}  // namespace patchbay
