#include "processors/graph/live_controls.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/core/nearest_name.h"
#include "processors/graph/control_signal_proto.h"

namespace patchbay {

LiveControls::LiveControls(const Plan& plan) : plan_(plan) {
  for (size_t n = 0; n < plan.nodes.size(); ++n) {
    const auto& parameters = plan.nodes[n].type->spec.parameters;
    for (size_t i = 0; i < parameters.size(); ++i) {
      const int parameter = static_cast<int>(i);
      const Plan::Node& node = plan.nodes[n];
      if (parameters[i].rate == Rate::kFixed || node.controls.count(parameter) > 0) continue;
      const auto curve = node.curves.find(parameter);
      tracks_.push_back({static_cast<int>(n), parameter,
                         ControlTrack(parameters[i], node.parameters.number(parameter),
                                      curve == node.curves.end() ? nullptr : curve->second,
                                      node.sample_rate_hz)});
    }
  }
}

ControlTrack* LiveControls::Find(int node, int parameter) {
  const auto track = std::ranges::find_if(tracks_, [=](const Track& track) {
    return track.node == node && track.parameter == parameter;
  });
  return track == tracks_.end() ? nullptr : &track->values;
}

absl::StatusOr<LiveControls::Track*> LiveControls::FindByName(absl::string_view node,
                                                              absl::string_view parameter) {
  int found = -1;
  bool node_exists = node.empty();
  std::vector<std::string> known;
  for (size_t n = 0; n < plan_.nodes.size(); ++n) {
    const Plan::Node& candidate = plan_.nodes[n];
    if (!node.empty() && candidate.name != node) continue;
    node_exists = true;
    for (const ParameterSpec& p : candidate.type->spec.parameters) {
      if (p.rate != Rate::kFixed) known.push_back(p.name);
    }
    if (candidate.type->spec.FindParameter(parameter) < 0) continue;
    if (found >= 0) {
      return InvalidArgument(absl::StrCat("both ", plan_.nodes[found].name, " and ", candidate.name,
                                          " have a parameter '", parameter, "': name the node"),
                             {.path = std::string(parameter)});
    }
    found = static_cast<int>(n);
  }
  if (!node_exists) {
    std::vector<std::string> nodes;
    for (const Plan::Node& n : plan_.nodes) nodes.push_back(n.name);
    return InvalidArgument(absl::StrCat("no node is named '", node, "'", DidYouMean(node, nodes)),
                           {.path = std::string(node)});
  }
  if (found < 0) {
    return InvalidArgument(absl::StrCat(node.empty() ? "no node" : node, " has a parameter '",
                                        parameter, "'", DidYouMean(parameter, known)),
                           {.path = absl::StrCat(node, ".", parameter)});
  }
  const Plan::Node& owner = plan_.nodes[found];
  const int index = owner.type->spec.FindParameter(parameter);
  const auto track = std::ranges::find_if(
      tracks_, [=](const Track& track) { return track.node == found && track.parameter == index; });
  if (track == tracks_.end()) {
    const bool controlled = owner.controls.count(index) > 0;
    return InvalidArgument(absl::StrCat(owner.name, ".", parameter,
                                        controlled ? " is controlled by another node: change that"
                                                   : " is fixed when the session opens: open "
                                                     "another session to change it"),
                           {.path = absl::StrCat(owner.name, ".", parameter)});
  }
  return &*track;
}

absl::Status LiveControls::Set(absl::string_view node, absl::string_view parameter,
                               const v1::ControlSignal& signal, int64_t start_frame,
                               int64_t position_frames) {
  PATCHBAY_ASSIGN_OR_RETURN(Track* const track, FindByName(node, parameter));
  const Plan::Node& owner = plan_.nodes[track->node];
  const std::string path = absl::StrCat(owner.name, ".", spec(*track).name);
  PATCHBAY_ASSIGN_OR_RETURN(const auto curve,
                            FromProto(signal, spec(*track), path, owner.sample_rate_hz));
  if (start_frame < position_frames) {
    return absl::OutOfRangeError(absl::StrCat(path, " was set at frame ", start_frame,
                                              ", but frame ", position_frames,
                                              " is the next to be computed"));
  }
  // A node may lag behind the session by the latency of the nodes before it.
  const int64_t earliest = position_frames - plan_.latency_frames;
  if (!signal.has_constant()) return track->values.Set(curve, start_frame, earliest);
  return track->values.Set(signal.constant(), start_frame, earliest);
}

std::vector<LiveControls::Entry> LiveControls::List() const {
  std::vector<Entry> entries;
  for (const Track& track : tracks_) {
    entries.push_back({.node = plan_.nodes[track.node].name,
                       .parameter = spec(track).name,
                       .value = track.values.target()});
  }
  return entries;
}

void LiveControls::Reset() {
  for (Track& track : tracks_) track.values.Reset();
}

const ParameterSpec& LiveControls::spec(const Track& track) const {
  return plan_.nodes[track.node].type->spec.parameters[track.parameter];
}

}  // namespace patchbay
