#ifndef CLIENTS_CLI_PROTO_JSON_H_
#define CLIENTS_CLI_PROTO_JSON_H_

#include "google/protobuf/message.h"
#include "nlohmann/json.hpp"

namespace patchbay {

// A message as JSON, by its fields' names. Unlike protobuf's own JSON, 64-bit integers are numbers
// and fields that are unset appear with what unset means, except those that tell the two apart.
nlohmann::ordered_json ToJson(const google::protobuf::Message& message);

}  // namespace patchbay

#endif  // CLIENTS_CLI_PROTO_JSON_H_
