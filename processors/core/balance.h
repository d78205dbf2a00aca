#ifndef PROCESSORS_CORE_BALANCE_H_
#define PROCESSORS_CORE_BALANCE_H_

#include "processors/core/parameter_spec.h"

namespace patchbay {

// The parameter that every processor which streams one clip in and one out has besides its own
// table: the engine mixes input and output, so that no processor needs to.
inline const ParameterSpec& BalanceParameter() {
  static const ParameterSpec& balance = *new ParameterSpec{
      .name = "balance",
      .default_value = 1,
      .rate = Rate::kAudio,
      .smoothing_seconds = 0.02,
      .doc =
          "How much of the processed audio is heard: 0 is only the input, as late as the "
          "output, and 1 only the output; between them, balance * output + (1 - balance) * "
          "input.",
  };
  return balance;
}

}  // namespace patchbay

#endif  // PROCESSORS_CORE_BALANCE_H_
