#ifndef CLIENTS_CLI_PROGRESS_BAR_H_
#define CLIENTS_CLI_PROGRESS_BAR_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace patchbay {

// A bar on standard error, if that is a terminal: it disappears at the end.
class ProgressBar {
 public:
  // Shows nothing at all where `is_wanted` is false.
  explicit ProgressBar(bool is_wanted);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Draw now and then: how much audio has come, of what is expected (unset if nobody knows); the
  // part of a node's work that is done, or if nobody knows how much there is, the frames.
  void Update(double seconds, std::optional<double> expected_seconds);
  void UpdateWork(const std::string& node, std::optional<double> fraction, int64_t num_frames);
  // Of a batch, and how much audio its files hold.
  void UpdateFiles(size_t num_done, size_t num_files, double seconds);

  // Makes room for a line of text.
  void Clear();

 private:
  using Clock = std::chrono::steady_clock;

  // Whether it is time to draw again.
  bool IsDue();
  // `done` from 0 to 1: a bar before the words.
  void Draw(std::optional<double> done, const std::string& words);

  const bool is_shown_;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point next_ = start_;
  bool is_drawn_ = false;
};

}  // namespace patchbay

#endif  // CLIENTS_CLI_PROGRESS_BAR_H_
