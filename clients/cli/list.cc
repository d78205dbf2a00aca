// patchbay list: the catalogue, a line for each processor.

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "clients/cli/command.h"
#include "clients/cli/connection.h"
#include "clients/cli/proto_json.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

struct Options {
  bool json = false;
  ServerOptions server;
};

absl::Status List(const Options& options) {
  PATCHBAY_ASSIGN_OR_RETURN(Connection connection, Connection::Open(options.server));
  PATCHBAY_ASSIGN_OR_RETURN(const std::vector<v1::ProcessorSpec> specs,
                            connection.client().ListProcessors());
  if (options.json) {
    auto json = nlohmann::ordered_json::array();
    for (const v1::ProcessorSpec& spec : specs) json.push_back(ToJson(spec));
    std::puts(json.dump(2).c_str());
    return absl::OkStatus();
  }
  std::map<std::string, std::vector<const v1::ProcessorSpec*>> categories;
  size_t width = 0;
  for (const v1::ProcessorSpec& spec : specs) {
    categories[spec.category()].push_back(&spec);
    width = std::max(width, spec.name().size());
  }
  bool is_first = true;
  for (const auto& [category, members] : categories) {
    absl::PrintF("%s%s\n", is_first ? "" : "\n", category);
    is_first = false;
    for (const v1::ProcessorSpec* const spec : members) {
      absl::PrintF("  %-*s  %s\n", static_cast<int>(width), spec->name(), spec->summary());
    }
  }
  return absl::OkStatus();
}

}  // namespace

Action AddList(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_flag("--json", options->json, "Print every processor with all of its parameters as JSON");
  AddServerOptions(app, options->server);
  app.footer(
      "Examples:\n"
      "  patchbay list\n"
      "  patchbay list --json | jq -r '.[].name'\n"
      "  patchbay list --server unix:/run/user/1000/patchbay/socket");
  return [options] { return List(*options); };
}

}  // namespace patchbay
