#ifndef SERVER_TESTING_CALL_H_
#define SERVER_TESTING_CALL_H_

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "patchbay/v1/patchbay.grpc.pb.h"

namespace patchbay::testing {

inline v1::SessionConfig Config(const std::string& text, int num_channels = 1, int num_inputs = 1) {
  v1::SessionConfig config;
  config.mutable_description()->set_text(text);
  for (int i = 0; i < num_inputs; ++i) {
    v1::AudioFormat& format = *config.add_inputs();
    format.set_sample_rate_hz(48000);
    format.set_num_channels(num_channels);
  }
  return config;
}

// The requests of a stream, and the samples in its replies.

inline v1::ProcessRequest OpenRequest(const std::string& text, int num_channels = 1,
                                      int num_inputs = 1) {
  v1::ProcessRequest request;
  *request.mutable_open() = Config(text, num_channels, num_inputs);
  return request;
}

inline std::string Bytes(const std::vector<float>& samples) {
  return {reinterpret_cast<const char*>(samples.data()), samples.size() * sizeof(float)};
}

inline std::vector<float> Floats(const std::string& bytes) {
  std::vector<float> samples(bytes.size() / sizeof(float));
  std::memcpy(samples.data(), bytes.data(), bytes.size());
  return samples;
}

inline v1::ProcessRequest Audio(int64_t start_frame, const std::vector<float>& samples,
                                int stream = 0) {
  v1::ProcessRequest request;
  request.mutable_audio()->set_start_frame(start_frame);
  request.mutable_audio()->set_stream(stream);
  request.mutable_audio()->set_samples(Bytes(samples));
  return request;
}

inline v1::ProcessRequest EndRequest(std::vector<int64_t> frames) {
  v1::ProcessRequest request;
  request.mutable_end()->mutable_frames()->Assign(frames.begin(), frames.end());
  return request;
}

inline v1::ProcessRequest FlushRequest() {
  v1::ProcessRequest request;
  request.mutable_flush();
  return request;
}

// One call of Process.
class Call {
 public:
  explicit Call(v1::Patchbay::Stub& stub) : stream_(stub.Process(&context_)) {}

  void Write(const v1::ProcessRequest& request) { stream_->Write(request); }

  // The next response; an empty one at the end of the stream.
  v1::ProcessResponse Read() {
    v1::ProcessResponse response;
    if (!stream_->Read(&response)) response.Clear();
    return response;
  }

  v1::ProcessResponse WriteAndRead(const v1::ProcessRequest& request) {
    Write(request);
    return Read();
  }

  // Reads what is left and returns the status of the call.
  grpc::Status Finish() {
    stream_->WritesDone();
    while (Read().kind_case() != v1::ProcessResponse::KIND_NOT_SET) {
    }
    return stream_->Finish();
  }

  grpc::ClientContext& context() { return context_; }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::ProcessRequest, v1::ProcessResponse>> stream_;
};

}  // namespace patchbay::testing

#endif  // SERVER_TESTING_CALL_H_
