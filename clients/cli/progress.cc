#include "clients/cli/progress.h"

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

ProgressBar::~ProgressBar() {
  if (is_drawn_) std::fputs(kClearLine, stderr);
}

void ProgressBar::Update(int64_t frames, std::optional<int64_t> expected_frames,
                         int sample_rate_hz) {
  if (!is_shown_) return;
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + kInterval;
  is_drawn_ = true;
  const double audio = static_cast<double>(frames) / sample_rate_hz;
  const double wall = std::chrono::duration<double>(now - start_).count();
  std::string line =
      absl::StrFormat("%s, %.0f times real time", InSeconds(audio), wall > 0 ? audio / wall : 0.0);
  if (expected_frames.value_or(0) > 0) {
    const double done = std::min(1.0, static_cast<double>(frames) / *expected_frames);
    const int filled = static_cast<int>(done * kBarWidth);
    line = absl::StrFormat("[%s%s] %3.0f %%  %s", std::string(filled, '#'),
                           std::string(kBarWidth - filled, '-'), 100 * done, line);
  }
  absl::FPrintF(stderr, "%s%s", kClearLine, line);
}

}  // namespace patchbay
