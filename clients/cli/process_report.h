#ifndef CLIENTS_CLI_PROCESS_REPORT_H_
#define CLIENTS_CLI_PROCESS_REPORT_H_

#include <string>
#include <vector>

#include "clients/cli/file_job.h"
#include "nlohmann/json.hpp"

namespace patchbay {

// What was done, a line for each file and control and a last one with the times.
std::string InWords(const FileJobResult& result);
// Of a file of a batch: without the times; control outputs say which input they are of.
std::string FilesInWords(const FileJobResult& result, const std::string& input);
nlohmann::ordered_json ToJson(const FileJobResult& result);

// What the user should know though nothing failed: damaged inputs, clipped outputs.
std::vector<std::string> Warnings(const FileJobResult& result);

}  // namespace patchbay

#endif  // CLIENTS_CLI_PROCESS_REPORT_H_
