#ifndef PROCESSORS_CORE_RESTRICTION_H_
#define PROCESSORS_CORE_RESTRICTION_H_

#include <string>
#include <type_traits>
#include <utility>

#include "processors/core/adaptor.h"
#include "processors/core/registry.h"

namespace patchbay {

// A Restriction is a plain function that uses only part of the plug; its signature says which:
//
//   void Scale(Block block, Control mult, Control offset)      changes a clip in place (a Mutator)
//   void Double(ConstBlock in, Block out)                      makes a new clip (a Creator)
//   void Sum(std::span<const ConstBlock> ins, Block out)       mixes any number of inputs
//   void Ones(NewBlock out)                                    makes sound from nothing, one channel
//   void Level(ConstBlock in, ControlOutput out)               reads audio, puts out a control
//   void Ramp(ControlOutput out)                               makes a control from nothing
//
// After the audio come, in any number: Meta (sample rate and position), and the parameters in the
// order of the table: Control for those that may move, double, int, bool or const std::string& (a
// choice) for fixed ones.
//
// A small struct with such an operator() and `void Archive(StateArchive&)` is a Restriction that
// remembers; each State holds a copy of it.
//
//   const Restriction kScale(&Scale, {.name = "scale", ..., .parameters = {...}});
//
// builds the Adaptor with the full plug around it and registers it. The ports and in_place of the
// table follow from the signature and are filled in; a table that does not match the signature
// fails at start-up. Output channels are those of the first input.
template <typename Callable>
class Restriction {
 public:
  Restriction(Callable callable, ProcessorSpec spec) {
    using Plug = Adaptor<Callable>;
    Plug::FillPorts(spec);
    Registry::Global().Register({
        .spec = std::move(spec),
        .plan = &Plug::Plan,
        .create = [callable](const Parameters& parameters, const StreamFormat& format)
            -> absl::StatusOr<std::shared_ptr<const Processor>> {
          return std::make_shared<Plug>(callable, parameters, format);
        },
    });
  }
};

}  // namespace patchbay

#endif  // PROCESSORS_CORE_RESTRICTION_H_
