#ifndef PROCESSORS_TIME_DELAY_ECHOES_H_
#define PROCESSORS_TIME_DELAY_ECHOES_H_

#include "processors/core/block.h"
#include "processors/core/control.h"
#include "processors/time/delay_line.h"
#include "processors/time/delay_taps.h"

namespace patchbay {

// Mixes echoes into at most kMaxFrames frames of `audio`, in place:
//   line[n] = audio[n] + feedback[n] * wet[n],   wet[n] = line[n - delay[n]]
//   out[n] = (1 - mix[n]) * audio[n] + mix[n] * wet[n]
// Echoes below one frame of delay are fed back a frame later. Controls that move give the same bits
// as constant ones of the same value. `line` has the channels of `audio` and is at least as long as
// the longest delay of `range`.
void AddEchoes(const DelayRange& range, const Control& delay_seconds, const Control& feedback,
               const Control& mix, Block audio, DelayLine& line);

}  // namespace patchbay

#endif  // PROCESSORS_TIME_DELAY_ECHOES_H_
