#include "processors/graph/buffer_layout.h"

#include <algorithm>
#include <map>

namespace patchbay {
namespace {

bool IsMutator(const Plan& plan, const Plan::Step& step) {
  return step.kind == Plan::Step::Kind::kNode && plan.nodes[step.node].type->spec.in_place;
}

std::vector<int> OutputsOf(const Plan::Step& step) {
  std::vector<int> edges = step.outputs;
  edges.insert(edges.end(), step.control_outputs.begin(), step.control_outputs.end());
  return edges;
}

}  // namespace

BufferLayout::BufferLayout(const Plan& plan) : places_(plan.edges.size()) {
  const int num_steps = static_cast<int>(plan.steps.size());
  std::vector<int> readers(plan.edges.size());
  std::vector<bool> is_input(plan.edges.size());
  for (const int edge : plan.inputs) is_input[edge] = true;
  for (const Plan::Step& step : plan.steps) {
    for (const int edge : step.inputs) {
      if (edge >= 0) ++readers[edge];
    }
  }
  const int never = num_steps;
  for (const int edge : plan.outputs) ++readers[edge];

  // Edges that share one buffer through mutators are named by the first of them.
  std::vector<int> buffer(plan.edges.size());
  for (size_t i = 0; i < buffer.size(); ++i) buffer[i] = static_cast<int>(i);
  std::vector<int> last_use(plan.edges.size(), -1);
  for (int s = 0; s < num_steps; ++s) {
    const Plan::Step& step = plan.steps[s];
    if (IsMutator(plan, step) && !is_input[step.inputs[0]] && readers[step.inputs[0]] == 1) {
      buffer[step.outputs[0]] = buffer[step.inputs[0]];
    }
    for (const int edge : step.inputs) {
      if (edge >= 0) last_use[buffer[edge]] = s;
    }
    for (const auto& [parameter, edge] : step.controls) last_use[buffer[edge]] = s;
    for (const int edge : OutputsOf(step)) {
      last_use[buffer[edge]] = std::max(last_use[buffer[edge]], s);
    }
  }
  for (const Plan::ControlOutput& output : plan.control_outputs) {
    last_use[buffer[output.edge]] = never;
  }

  std::map<int, int> output_of;  // buffer -> output of the session
  for (size_t o = 0; o < plan.outputs.size(); ++o) {
    const int edge = plan.outputs[o];
    const bool bound =
        !is_input[edge] && output_of.emplace(buffer[edge], static_cast<int>(o)).second;
    if (!bound) copied_outputs_.push_back(static_cast<int>(o));
  }

  for (size_t i = 0; i < plan.inputs.size(); ++i) {
    places_[plan.inputs[i]] = {Place::Kind::kInput, static_cast<int>(i)};
  }
  for (size_t i = 0; i < plan.control_inputs.size(); ++i) {
    places_[plan.control_inputs[i].edge] = {Place::Kind::kControlInput, static_cast<int>(i)};
  }
  struct Slot {
    int first_channel;
    int num_channels;
    int busy_until;  // step
  };
  std::vector<Slot> slots;
  for (int s = 0; s < num_steps; ++s) {
    for (const int edge : OutputsOf(plan.steps[s])) {
      const int owner = buffer[edge];
      if (owner != edge) {
        places_[edge] = places_[owner];
        continue;
      }
      if (const auto output = output_of.find(owner); output != output_of.end()) {
        places_[edge] = {Place::Kind::kOutput, output->second};
        continue;
      }
      const int channels = plan.edges[edge].num_channels;
      auto slot = std::ranges::find_if(slots, [&](const Slot& slot) {
        return slot.num_channels == channels && slot.busy_until < s;
      });
      if (slot == slots.end()) {
        slot = slots.insert(slot, {num_channels_, channels, 0});
        num_channels_ += channels;
      }
      slot->busy_until = std::max(s, last_use[owner]);
      places_[edge] = {Place::Kind::kInternal, slot->first_channel};
    }
  }

  works_in_place_ =
      plan.inputs.size() == 1 && plan.outputs.size() == 1 && copied_outputs_.empty() &&
      std::ranges::all_of(plan.steps, [&](const Plan::Step& step) {
        if (step.inputs.empty() && step.outputs.empty()) return true;  // touches no audio
        return IsMutator(plan, step) &&
               std::ranges::count_if(step.inputs, [](int edge) { return edge >= 0; }) == 1;
      });
}

}  // namespace patchbay
