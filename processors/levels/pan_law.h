#ifndef PROCESSORS_LEVELS_PAN_LAW_H_
#define PROCESSORS_LEVELS_PAN_LAW_H_

#include "processors/core/block.h"
#include "processors/core/control.h"

namespace patchbay {

// How the gains of both sides follow a position from -1 (left) to 1 (right); pan.cc documents them.
enum class PanLaw { kConstantPower, kLinear, kBalance };

// Places `in`, mono or stereo, in `out`, which is stereo and has as many frames. A position that
// moves gives the same bits as a constant one of the same value.
void ApplyPan(PanLaw law, const Control& position, ConstBlock in, Block out);

}  // namespace patchbay

#endif  // PROCESSORS_LEVELS_PAN_LAW_H_
