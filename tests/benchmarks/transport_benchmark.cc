// What Patchbay adds to the transport: gain through a session over a unix socket, against a raw echo
// of the same bytes, in turn, in one run. Prints a table of medians; ratios are of pairs.
//
//   bazel run -c opt //tests/benchmarks:transport_benchmark

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "clients/cpp/client.h"
#include "server/testing_server.h"
#include "spdlog/spdlog.h"
#include "tests/benchmarks/raw_echo.h"

namespace patchbay::benchmarks {
namespace {

constexpr int kRounds = 15;
constexpr int kChannels = 2;

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double Quantile(std::vector<double> values, double q) {
  std::ranges::sort(values);
  return values[std::min(values.size() - 1, static_cast<size_t>(q * values.size()))];
}

std::unique_ptr<Stream> OpenGain(Client& client) {
  auto stream = client.Open(Text("gain(gain_db=-6)"), {.input_channels = {kChannels}});
  if (!stream.ok()) {
    std::fprintf(stderr, "%s\n", stream.status().ToString().c_str());
    std::abort();
  }
  return *std::move(stream);
}

// Seconds for num_chunks chunks through a session.
double RunSession(Client& client, int num_chunks, int chunk_frames) {
  const auto stream = OpenGain(client);
  int sent = 0;
  const Clip audio(48000, kChannels, chunk_frames);
  const Source source = [&](std::span<const Block> ins) -> absl::StatusOr<int> {
    if (sent++ == num_chunks) return 0;
    Copy(audio.Frames(0, ins[0].num_frames()), ins[0]);
    return ins[0].num_frames();
  };
  const Sink sink = [](const AudioPiece&) { return absl::OkStatus(); };
  const double start = Now();
  if (const absl::Status status = stream->Run(source, sink, chunk_frames); !status.ok()) {
    std::fprintf(stderr, "%s\n", status.ToString().c_str());
    std::abort();
  }
  return Now() - start;
}

void Throughput(Client& client, RawEchoClient& raw, size_t bytes) {
  const int messages = static_cast<int>((96 << 20) / bytes);
  const int frames = static_cast<int>(bytes / sizeof(float) / kChannels);
  std::vector<double> session_rates, raw_rates, ratios;
  for (int round = 0; round < kRounds + 1; ++round) {
    const double raw_seconds = raw.Run(messages, bytes, 4);
    const double session_seconds = RunSession(client, messages, frames);
    if (round == 0) continue;  // warms up
    raw_rates.push_back(bytes * messages / raw_seconds / 1e6);
    session_rates.push_back(bytes * messages / session_seconds / 1e6);
    ratios.push_back(raw_seconds / session_seconds);
  }
  std::printf("%8zu KiB chunks   %8.0f MB/s   %8.0f MB/s   ratio %.2f  (%.2f to %.2f)\n",
              bytes >> 10, Quantile(session_rates, 0.5), Quantile(raw_rates, 0.5),
              Quantile(ratios, 0.5), Quantile(ratios, 0), Quantile(ratios, 1));
}

void Latency(Client& client, RawEchoClient& raw, int frames) {
  constexpr int kTrips = 3000;
  const size_t bytes = sizeof(float) * kChannels * frames;
  const auto stream = OpenGain(client);
  Clip in(48000, kChannels, frames);
  Clip out(48000, kChannels, frames);
  std::vector<double> session_us, raw_us, p50, p99;
  for (int round = 0; round < kRounds + 1; ++round) {
    std::vector<double> session_trips, raw_trips;
    for (int i = 0; i < kTrips; ++i) {
      double start = Now();
      raw.RoundTrip(bytes);
      raw_trips.push_back((Now() - start) * 1e6);
      start = Now();
      if (!stream->Process(in.Frames(0, frames), out.Frames(0, frames)).ok()) std::abort();
      session_trips.push_back((Now() - start) * 1e6);
    }
    if (round == 0) continue;
    p50.push_back(Quantile(session_trips, 0.5) / Quantile(raw_trips, 0.5));
    p99.push_back(Quantile(session_trips, 0.99) / Quantile(raw_trips, 0.99));
    session_us.insert(session_us.end(), session_trips.begin(), session_trips.end());
    raw_us.insert(raw_us.end(), raw_trips.begin(), raw_trips.end());
  }
  for (const auto& [name, q, ratios] :
       {std::tuple("p50", 0.5, p50), std::tuple("p99", 0.99, p99)}) {
    std::printf("%8d frames %s   %8.1f us     %8.1f us     ratio %.2f  (%.2f to %.2f)\n", frames,
                name, Quantile(session_us, q), Quantile(raw_us, q), Quantile(ratios, 0.5),
                Quantile(ratios, 0), Quantile(ratios, 1));
  }
}

int Main() {
  spdlog::set_level(spdlog::level::warn);  // streams are dropped without an end
  testing::TestServer server;
  const std::string address = "unix:" + server.folder() + "/echo";
  const RawEchoServer echo(address);
  RawEchoClient raw(address);
  const auto client = Client::Connect(server.server().address());
  if (!client.ok()) return 1;
  std::printf("%18s   %13s   %13s\n", "gain, stereo", "session", "raw echo");
  Throughput(**client, raw, 64 << 10);
  Throughput(**client, raw, 1 << 20);
  Latency(**client, raw, 128);
  return 0;
}

}  // namespace
}  // namespace patchbay::benchmarks

int main() { return patchbay::benchmarks::Main(); }
