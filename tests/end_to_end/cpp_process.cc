// The C++ client as a program for same_bits_test.py:
//
//   cpp_process ADDRESS EXPR IN.wav IMPULSE.wav OUT      planar float32

#include <cstdio>
#include <fstream>

#include "clients/cpp/client.h"
#include "clients/files/sound_reader.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

absl::Status Run(char** arguments) {
  PATCHBAY_ASSIGN_OR_RETURN(const std::unique_ptr<Client> client, Client::Connect(arguments[0]));
  PATCHBAY_ASSIGN_OR_RETURN(const Clip in, ReadClip(arguments[2]));
  PATCHBAY_ASSIGN_OR_RETURN(const Clip impulse, ReadClip(arguments[3]));
  PATCHBAY_ASSIGN_OR_RETURN(
      const ProcessResult result,
      client->Process(Text(arguments[1]), {in}, {.clips = {{"impulse", &impulse}}}));
  std::ofstream out(arguments[4], std::ios::binary);
  const Clip& clip = result.clips[0];
  for (int c = 0; c < clip.num_channels(); ++c) {
    const auto channel = clip.channel(c);
    out.write(reinterpret_cast<const char*>(channel.data()),
              static_cast<std::streamsize>(channel.size_bytes()));
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace patchbay

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const absl::Status status = patchbay::Run(argv + 1);
  if (!status.ok()) std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return status.ok() ? 0 : 1;
}
