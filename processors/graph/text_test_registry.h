#ifndef PROCESSORS_GRAPH_TEXT_TEST_REGISTRY_H_
#define PROCESSORS_GRAPH_TEXT_TEST_REGISTRY_H_

#include "processors/core/registry.h"

namespace patchbay::testing {

// Tables with every type and unit of parameter, and similar names; nothing behind them runs.
const Registry& TextTestRegistry();

}  // namespace patchbay::testing

#endif  // PROCESSORS_GRAPH_TEXT_TEST_REGISTRY_H_
