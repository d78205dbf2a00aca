#ifndef PROCESSORS_GRAPH_LIVE_CONTROLS_H_
#define PROCESSORS_GRAPH_LIVE_CONTROLS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "processors/graph/control_track.h"
#include "processors/graph/plan.h"

namespace patchbay {

// The parameters of a running Plan that may move, each with its ControlTrack.
class LiveControls {
 public:
  // `plan` must outlive it.
  explicit LiveControls(const Plan& plan);

  // The track of a node's parameter, by position in plan and table; null if it is fixed or
  // controlled by another node. Valid as long as this object.
  ControlTrack* Find(int node, int parameter);

  // Changes a parameter from start_frame on. An empty node means the only one that has the
  // parameter. A curve begins there. `position_frames` is the first frame not computed yet: an
  // earlier start is OUT_OF_RANGE. INVALID_ARGUMENT for unknown names, values out of range, and
  // parameters that are fixed or controlled by another node.
  absl::Status Set(absl::string_view node, absl::string_view parameter,
                   const v1::ControlSignal& signal, int64_t start_frame, int64_t position_frames);

  // Every parameter that Set takes, with its present target.
  struct Entry {
    std::string node;
    std::string parameter;
    double value;
  };
  std::vector<Entry> List() const;

  // Back to the first values.
  void Reset();

  // In a fixed order, for checkpoints.
  int size() const { return static_cast<int>(tracks_.size()); }
  ControlTrack& track(int i) { return tracks_[i].values; }

 private:
  struct Track {
    int node;
    int parameter;
    ControlTrack values;
  };

  absl::StatusOr<Track*> FindByName(absl::string_view node, absl::string_view parameter);
  const ParameterSpec& spec(const Track& track) const;

  const Plan& plan_;
  std::vector<Track> tracks_;
};

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_LIVE_CONTROLS_H_
