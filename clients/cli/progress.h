#ifndef CLIENTS_CLI_PROGRESS_H_
#define CLIENTS_CLI_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <optional>

namespace patchbay {

// A bar on standard error, if that is a terminal: it disappears at the end.
class ProgressBar {
 public:
  // Shows nothing at all where `is_wanted` is false.
  explicit ProgressBar(bool is_wanted);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Draws now and then. `expected_frames`: unset if nobody knows.
  void Update(int64_t frames, std::optional<int64_t> expected_frames, int sample_rate_hz);

 private:
  using Clock = std::chrono::steady_clock;

  const bool is_shown_;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point next_ = start_;
  bool is_drawn_ = false;
};

}  // namespace patchbay

#endif  // CLIENTS_CLI_PROGRESS_H_
