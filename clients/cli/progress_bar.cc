#include "clients/cli/progress_bar.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "absl/strings/str_format.h"
#include "clients/cli/words.h"

namespace patchbay {
namespace {

constexpr std::chrono::milliseconds kInterval(100);
constexpr int kBarWidth = 30;
constexpr char kClearLine[] = "\r\033[K";

}  // namespace

ProgressBar::ProgressBar(bool is_wanted) : is_shown_(is_wanted && isatty(STDERR_FILENO)) {}

ProgressBar::~ProgressBar() { Clear(); }

void ProgressBar::Clear() {
  if (is_drawn_) std::fputs(kClearLine, stderr);
  is_drawn_ = false;
}

bool ProgressBar::IsDue() {
  const Clock::time_point now = Clock::now();
  if (!is_shown_ || now < next_) return false;
  next_ = now + kInterval;
  return true;
}

void ProgressBar::Update(double seconds, std::optional<double> expected_seconds) {
  if (!IsDue()) return;
  const double wall = std::chrono::duration<double>(Clock::now() - start_).count();
  std::optional<double> done;
  if (expected_seconds.value_or(0) > 0) done = seconds / *expected_seconds;
  Draw(done, absl::StrFormat("%s, %.0f times real time", InSeconds(seconds),
                             wall > 0 ? seconds / wall : 0.0));
}

void ProgressBar::UpdateWork(const std::string& node, std::optional<double> fraction,
                             int64_t num_frames) {
  if (!IsDue()) return;
  Draw(fraction, fraction.has_value() ? node : absl::StrFormat("%s, %d frames", node, num_frames));
}

void ProgressBar::UpdateFiles(size_t num_done, size_t num_files, double seconds) {
  if (!IsDue()) return;
  const double wall = std::chrono::duration<double>(Clock::now() - start_).count();
  Draw(static_cast<double>(num_done) / static_cast<double>(num_files),
       absl::StrFormat("%d of %d files, %.0f times real time", num_done, num_files,
                       wall > 0 ? seconds / wall : 0.0));
}

void ProgressBar::Draw(std::optional<double> done, const std::string& words) {
  is_drawn_ = true;
  std::string line = words;
  if (done.has_value()) {
    const double part = std::clamp(*done, 0.0, 1.0);
    const int filled = static_cast<int>(part * kBarWidth);
    line = absl::StrFormat("[%s%s] %3.0f %%  %s", std::string(filled, '#'),
                           std::string(kBarWidth - filled, '-'), 100 * part, words);
  }
  absl::FPrintF(stderr, "%s%s", kClearLine, line);
}

}  // namespace patchbay
