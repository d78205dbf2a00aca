#ifndef PROCESSORS_GRAPH_SPEC_PROTO_H_
#define PROCESSORS_GRAPH_SPEC_PROTO_H_

#include "patchbay/v1/processor_spec.pb.h"
#include "processors/core/processor_spec.h"

namespace patchbay {

// The message that stands for a processor's table, field by field.
v1::ProcessorSpec ToProto(const ProcessorSpec& spec);

v1::Unit ToProto(Unit unit);

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_SPEC_PROTO_H_
