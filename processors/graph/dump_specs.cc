// Writes the catalogue of all processors to standard output, for generators of documentation and
// clients: a ListProcessorsResponse, binary, or JSON if --json is given.
#include <iostream>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/util/json_util.h"
#include "patchbay/v1/patchbay.pb.h"
#include "processors/core/registry.h"
#include "processors/graph/spec_proto.h"

int main(int argc, char** argv) {
  patchbay::v1::ListProcessorsResponse catalogue;
  for (const patchbay::ProcessorType* type : patchbay::Registry::Global().All()) {
    *catalogue.add_processors() = patchbay::ToProto(type->spec);
  }
  std::string bytes;
  if (argc == 2 && absl::string_view(argv[1]) == "--json") {
    google::protobuf::util::JsonPrintOptions options;
    options.add_whitespace = true;
    options.preserve_proto_field_names = true;
    if (!google::protobuf::util::MessageToJsonString(catalogue, &bytes, options).ok()) return 1;
  } else if (argc == 1) {
    bytes = catalogue.SerializeAsString();
  } else {
    std::cerr << "usage: dump_specs [--json]\n";
    return 2;
  }
  std::cout << bytes << std::flush;
  return std::cout ? 0 : 1;
}
