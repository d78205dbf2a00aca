#ifndef CLIENTS_CPP_STREAM_H_
#define CLIENTS_CPP_STREAM_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clients/cpp/pieces.h"
#include "clients/cpp/process_call.h"
#include "patchbay/v1/patchbay.pb.h"
#include "processors/core/clip.h"

namespace patchbay {

struct SetOptions {
  std::string node;                    // needed where several nodes have the parameter
  std::optional<int64_t> start_frame;  // of the clip; by default the first that is sent next
};

// A session attached to this client: audio in, audio out. For one thread at a time. Chunks may be
// of any length: long ones are cut, and a few are under way at a time. After an error the stream
// is over, and every call returns that error.
class Stream {
 public:
  // Opens with `first`, a request of kind open or attach. After `timeout` it is over, with
  // DEADLINE_EXCEEDED.
  static absl::StatusOr<std::unique_ptr<Stream>> Start(
      const std::shared_ptr<grpc::Channel>& channel, const v1::ProcessRequest& first,
      absl::Duration timeout = absl::InfiniteDuration());

  const std::string& session() const { return session_; }
  // Its outputs are unknown as long as they are pending, and complete when their audio comes.
  const v1::StreamInfo& info() const { return info_; }
  bool outputs_are_known() const { return !info_.outputs_pending() || outputs_have_come_; }
  // Of an output that was pending, where it is known: 0 if not.
  int64_t output_frames(int output) const;
  // Whether output frames answer input frames one by one. If not, audio goes through Run.
  bool keeps_length() const { return keeps_length_; }
  int64_t latency_frames() const { return info_.latency_frames(); }
  int64_t tail_frames() const { return info_.tail_frames(); }
  // Frames processed since the start of the clip.
  int64_t position_frames() const { return position_; }

  // Called while long work is done in Run and Flush.
  void set_on_progress(OnProgress on_progress) { on_progress_ = std::move(on_progress); }

  // From any thread: what is under way, and all that follows, fails with CANCELLED.
  void Cancel() { call_->Cancel(); }

  // Live operation: a block for each input, a block for each output, all of one length. Not for
  // sessions that compensate latency or change the length, whose outputs come later: see Run.
  absl::Status Process(std::span<const ConstBlock> ins, std::span<const Block> outs);
  absl::Status Process(ConstBlock in, Block out);
  // The same for sessions without inputs. Returns how many frames there are: fewer at the end.
  absl::StatusOr<int> Generate(std::span<const Block> outs);

  // Sets a parameter from the next frame on, or from a later one. An error comes with the next
  // audio.
  absl::Status Set(absl::string_view parameter, double value, const SetOptions& options = {});
  // To a curve, whose times count from that frame.
  absl::Status Set(absl::string_view parameter, const v1::ControlSignal& signal,
                   const SetOptions& options = {});

  // The input has ended: returns what latency and tail held, per output. Then as new.
  absl::StatusOr<std::vector<Clip>> Flush();

  // Forgets everything: as new.
  absl::Status Reset();

  // What control outputs have put out since the last call: up to the position, less their latency.
  std::vector<ControlCurve> TakeControls();

  // A whole clip, from any length of source, in constant memory: all of `source`, then Flush.
  // chunk_frames 0: what is fast.
  absl::Status Run(const Source& source, const Sink& sink, int chunk_frames = 0);
  // The same for sessions without inputs: num_frames frames of what they generate, or fewer if it
  // ends; unset: to its end.
  absl::Status Run(const Sink& sink, std::optional<int64_t> num_frames = std::nullopt);

  // Ends the stream: both sides have all of it. A session that was opened with it is gone.
  absl::StatusOr<v1::Report> Close();

 private:
  // How far an audio output has come.
  struct Track {
    int64_t frames = 0;   // of the clip
    bool certain = true;  // not in mid-clip of a session that compensates an unknown latency
  };

  explicit Stream(std::unique_ptr<ProcessCall> call) : call_(std::move(call)) {}

  absl::Status Begin(const v1::ProcessRequest& first);
  absl::Status CheckBlocks(std::span<const ConstBlock> ins, std::span<const Block> outs,
                           int num_frames) const;
  absl::Status Exchange(std::span<const ConstBlock> ins, std::span<const Block> outs,
                        int num_frames);
  absl::Status RunSource(const Source& source, const Sink& sink, int chunk_frames);
  // One chunk. Returns its frames; 0 at the end.
  absl::StatusOr<int> SendFrom(const Source& source, int chunk_frames);
  absl::Status RunPull(const Sink& sink, int64_t num_frames);
  absl::Status RunFlush(const Sink& sink);
  absl::Status RunReset();
  void SendAudio(std::span<const ConstBlock> ins);
  void Send(const v1::ProcessRequest& request);
  void CountSent(int num_frames);
  // Waits for a message and takes note of it; audio goes to `sink`. Returns its kind.
  absl::StatusOr<v1::ProcessResponse::KindCase> Receive(const Sink& sink);
  absl::Status TakeAudio(const IncomingAudio& audio, const Sink& sink);
  absl::Status TakeControl(const v1::ControlChunk& chunk);
  void TakeOutputs(const v1::Outputs& outputs);
  absl::Status CheckFlushed(const v1::Flushed& flushed) const;
  absl::Status CheckEnd(const v1::End& end) const;
  void StartClip();
  int MaxChunkFrames() const;
  // Frames that all outputs have put out, those of control outputs counted with their latency.
  int64_t FramesOut() const;
  // Unless the stream is over; an error ends it.
  absl::Status Guarded(const std::function<absl::Status()>& function);

  std::unique_ptr<ProcessCall> call_;
  absl::Status status_;  // why the stream is over
  std::string session_;
  v1::StreamInfo info_;
  int64_t total_latency_ = 0;  // of all nodes: no output lags behind by more
  bool compensates_ = false;
  bool keeps_length_ = true;
  int64_t position_ = 0;
  std::vector<int64_t> input_frames_;  // of the clip, sent
  std::vector<Track> outputs_;
  std::vector<int64_t> control_frames_;  // of the clip, received
  std::vector<int64_t> sent_;            // on this stream, for End
  std::vector<int64_t> received_;
  std::vector<ControlCurve> controls_;
  v1::Report report_;
  bool outputs_have_come_ = false;       // of a session whose outputs were pending
  std::vector<int64_t> output_lengths_;  // theirs
  OnProgress on_progress_;
};

}  // namespace patchbay

#endif  // CLIENTS_CPP_STREAM_H_
