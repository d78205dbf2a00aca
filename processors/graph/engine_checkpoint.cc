// Saving and loading an Engine.

#include <cstring>
#include <utility>

#include "processors/core/errors.h"
#include "processors/graph/engine.h"
#include "processors/graph/engine_state.pb.h"

namespace patchbay {
namespace {

using SavedSegment = internal::EngineState::Segment;
using SavedCurve = internal::EngineState::Curve;

void SaveCurve(const ControlSignal& curve, SavedCurve& saved) {
  for (const ControlSignal::Point& point : curve.points()) {
    saved.add_frames(point.frame);
    saved.add_values(point.value);
    saved.add_curves(static_cast<int>(point.curve));
  }
  saved.mutable_samples()->Assign(curve.samples().begin(), curve.samples().end());
  saved.set_frames_per_value(curve.frames_per_value());
  saved.set_sample_curve(static_cast<int>(curve.sample_curve()));
}

absl::StatusOr<ControlTrack::CurvePtr> LoadCurve(const SavedCurve& saved) {
  const auto to_curve = [](int curve) {
    return static_cast<Curve>(curve >= 0 && curve <= static_cast<int>(Curve::kSmooth) ? curve : 0);
  };
  absl::StatusOr<ControlSignal> curve = absl::InvalidArgumentError("a saved curve is damaged");
  if (saved.samples_size() > 0) {
    curve = ControlSignal::FromSamples({saved.samples().begin(), saved.samples().end()},
                                       saved.frames_per_value(), to_curve(saved.sample_curve()));
  } else if (saved.frames_size() == saved.values_size() &&
             saved.frames_size() == saved.curves_size()) {
    std::vector<ControlSignal::Point> points;
    for (int i = 0; i < saved.frames_size(); ++i) {
      points.push_back(
          {.frame = saved.frames(i), .value = saved.values(i), .curve = to_curve(saved.curves(i))});
    }
    curve = ControlSignal::FromPoints(std::move(points));
  }
  if (!curve.ok()) return curve.status();
  return std::make_shared<const ControlSignal>(*std::move(curve));
}

void SaveTrack(const ControlTrack& track, internal::EngineState::Track& saved) {
  for (const ControlTrack::Segment& segment : track.segments()) {
    SavedSegment& s = *saved.add_segments();
    s.set_start_frame(segment.start_frame);
    s.set_from(segment.from);
    s.set_to(segment.to);
    if (segment.curve == nullptr) continue;
    if (segment.curve == track.initial_curve()) {
      s.set_is_initial_curve(true);
    } else {
      SaveCurve(*segment.curve, *s.mutable_curve());
    }
  }
}

absl::Status LoadTrack(const internal::EngineState::Track& saved, ControlTrack& track) {
  std::vector<ControlTrack::Segment> segments;
  for (const SavedSegment& s : saved.segments()) {
    segments.push_back({s.start_frame(), s.from(), s.to(), nullptr});
    if (s.is_initial_curve()) {
      segments.back().curve = track.initial_curve();
    } else if (s.has_curve()) {
      PATCHBAY_ASSIGN_OR_RETURN(segments.back().curve, LoadCurve(s.curve()));
    }
  }
  return track.Restore(std::move(segments));
}

template <typename T>
std::string SaveOf(T& part) {
  std::string bytes;
  StateArchive archive = StateArchive::Saving(&bytes);
  part.Archive(archive);
  return bytes;
}

template <typename T>
absl::Status LoadInto(const std::string& bytes, T& part) {
  StateArchive archive = StateArchive::Loading(bytes);
  part.Archive(archive);
  return archive.Finish();
}

}  // namespace

std::string Engine::Save() {
  internal::EngineState saved;
  saved.set_position_frames(position_);
  if (end_.has_value()) saved.set_end_frame(*end_);
  for (NodeStep& node : nodes_) *saved.add_states() = node.Save();
  for (AlignmentDelay& delay : delays_) *saved.add_states() = SaveOf(delay);
  for (LoopBuffer& loop : loops_) *saved.add_states() = SaveOf(loop);
  for (int i = 0; i < controls_.size(); ++i) SaveTrack(controls_.track(i), *saved.add_tracks());
  return saved.SerializeAsString();
}

absl::Status Engine::Load(absl::string_view bytes) {
  internal::EngineState saved;
  const size_t num_states = nodes_.size() + delays_.size() + loops_.size();
  const bool fits = saved.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) &&
                    saved.states_size() == static_cast<int>(num_states) &&
                    saved.tracks_size() == controls_.size() && saved.position_frames() >= 0;
  if (!fits) return absl::InvalidArgumentError("the saved state is of another description");
  Reset();
  int next = 0;
  for (NodeStep& node : nodes_) PATCHBAY_RETURN_IF_ERROR(node.Load(saved.states(next++)));
  for (AlignmentDelay& delay : delays_) {
    PATCHBAY_RETURN_IF_ERROR(LoadInto(saved.states(next++), delay));
  }
  for (LoopBuffer& loop : loops_) PATCHBAY_RETURN_IF_ERROR(LoadInto(saved.states(next++), loop));
  for (int i = 0; i < controls_.size(); ++i) {
    PATCHBAY_RETURN_IF_ERROR(LoadTrack(saved.tracks(i), controls_.track(i)));
  }
  position_ = saved.position_frames();
  if (saved.has_end_frame()) end_ = saved.end_frame();
  return absl::OkStatus();
}

}  // namespace patchbay
