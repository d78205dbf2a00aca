#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/analysis/onset_detector.h"
#include "processors/core/clip_restriction.h"
#include "processors/core/decibels.h"
#include "processors/core/errors.h"
#include "processors/core/stretches.h"
#include "processors/editing/loud_ranges.h"

namespace patchbay {
namespace {

// Every piece takes memory and, further on, a State.
constexpr size_t kMaxPieces = 1 << 16;

absl::StatusOr<std::vector<Range>> BetweenSilences(const Clip& clip, double threshold,
                                                   int64_t minimum_silence, int64_t minimum,
                                                   int64_t keep, const Progress& progress) {
  PATCHBAY_ASSIGN_OR_RETURN(
      std::vector<Range> pieces,
      LoudRanges(clip, threshold, std::max<int64_t>(1, minimum_silence), progress));
  std::erase_if(pieces, [minimum](const Range& piece) { return piece.count < minimum; });
  // Half of a silence at most goes to either neighbour.
  int64_t previous_end = -clip.num_frames();
  for (size_t i = 0; i < pieces.size(); ++i) {
    Range& piece = pieces[i];
    const int64_t end = piece.first + piece.count;
    const int64_t next =
        i + 1 < pieces.size() ? pieces[i + 1].first : clip.num_frames() + clip.num_frames();
    const int64_t before = std::min({keep, (piece.first - previous_end) / 2, piece.first});
    const int64_t after = std::min({keep, (next - end) / 2, clip.num_frames() - end});
    piece = {piece.first - before, piece.count + before + after};
    previous_end = end;
  }
  return pieces;
}

// The pieces between cuts, leaving out every cut that would make one shorter than `minimum`.
std::vector<Range> BetweenCuts(std::vector<int64_t> cuts, int64_t num_frames, int64_t minimum) {
  minimum = std::max<int64_t>(1, minimum);
  std::ranges::sort(cuts);
  std::vector<Range> pieces;
  int64_t first = 0;
  for (const int64_t cut : cuts) {
    if (cut - first < minimum || num_frames - cut < minimum) continue;
    pieces.push_back({first, cut - first});
    first = cut;
  }
  pieces.push_back({first, num_frames - first});
  return pieces;
}

std::vector<int64_t> EvenCuts(double length, int64_t num_frames) {
  std::vector<int64_t> cuts;
  for (double cut = length; cut < num_frames && cuts.size() <= kMaxPieces;
       cut = length * (cuts.size() + 1)) {
    cuts.push_back(std::llround(cut));  // not a rounded length: pieces do not drift from a beat
  }
  return cuts;
}

absl::StatusOr<std::vector<Clip>> Chop(const Clip& clip, const Progress& progress,
                                       double threshold_db, double minimum_silence_seconds,
                                       const std::string& mode, double minimum_seconds,
                                       double keep_seconds, double length_seconds,
                                       const std::vector<double>& positions_seconds,
                                       double sensitivity) {
  const int rate = clip.sample_rate_hz();
  const int64_t minimum = FramesIn(minimum_seconds, rate);
  std::vector<Range> ranges;
  if (mode == "silence") {
    PATCHBAY_ASSIGN_OR_RETURN(
        ranges, BetweenSilences(clip, DecibelsToRatio(threshold_db),
                                FramesIn(minimum_silence_seconds, rate), minimum,
                                FramesIn(keep_seconds, rate), StepOf(progress, 0, 2)));
  } else {
    std::vector<int64_t> cuts;
    if (mode == "length") {
      cuts = EvenCuts(std::max(1.0, length_seconds * rate), clip.num_frames());
    } else if (mode == "onsets") {
      PATCHBAY_ASSIGN_OR_RETURN(cuts, DetectOnsets(clip, sensitivity, StepOf(progress, 0, 2)));
    } else {
      for (const double seconds : positions_seconds) cuts.push_back(FramesIn(seconds, rate));
    }
    ranges = BetweenCuts(std::move(cuts), clip.num_frames(), minimum);
  }
  if (ranges.empty()) ranges.push_back({0, 0});
  if (ranges.size() > kMaxPieces) {
    return absl::InvalidArgumentError(
        absl::StrCat("chop would make more than ", kMaxPieces,
                     " pieces: raise minimum_silence_seconds, minimum_seconds or length_seconds"));
  }
  std::vector<Clip> pieces;
  const Progress cutting = StepOf(progress, 1, 2);
  for (const Range& range : ranges) {
    PATCHBAY_ASSIGN_OR_RETURN(Clip piece,
                              Cut(clip, range, StepOf(cutting, pieces.size(), ranges.size())));
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

const ClipRestriction kChop(
    &Chop,
    {
        .name = "chop",
        .summary = "Cuts a clip into pieces: at silences, evenly, at onsets, at given times.",
        .doc =
            "Mode silence leaves out every stretch of at least minimum_silence_seconds in which no "
            "channel exceeds threshold_db; each piece begins and ends with a sample that does, and "
            "pieces shorter than minimum_seconds are dropped (clicks). In the other modes every "
            "sample of the clip is in exactly one piece, and a cut that would make a piece shorter "
            "than minimum_seconds is left out. Mode length cuts every length_seconds, mode "
            "onsets where sounds begin (as the processor onset), mode positions at "
            "positions_seconds. There is always at least one piece: an empty one if nothing is "
            "louder than the threshold.",
        .category = "editing",
        .example = "chop(threshold_db=-40, minimum_silence_seconds=0.3)",
        .parameters =
            {
                {
                    .name = "threshold_db",
                    .unit = Unit::kDecibels,
                    .minimum = -200,
                    .maximum = 60,
                    .default_value = -40,
                    .doc = "Mode silence: samples up to this level are silence.",
                },
                {
                    .name = "minimum_silence_seconds",
                    .unit = Unit::kSeconds,
                    .maximum = 3600,
                    .default_value = 0.3,
                    .doc = "Mode silence: a shorter silence does not part two pieces.",
                },
                {
                    .name = "mode",
                    .type = ParameterType::kChoice,
                    .choices = {"silence", "length", "onsets", "positions"},
                    .doc = "Where to cut.",
                },
                {
                    .name = "minimum_seconds",
                    .unit = Unit::kSeconds,
                    .maximum = 3600,
                    .default_value = 0,
                    .doc = "The shortest piece: in mode silence a shorter one is dropped, in the "
                           "others it stays with its neighbour.",
                },
                {
                    .name = "keep_seconds",
                    .unit = Unit::kSeconds,
                    .maximum = 60,
                    .default_value = 0,
                    .doc = "Mode silence: how much of the silence is left on either side of a "
                           "piece, at most half of it.",
                },
                {
                    .name = "length_seconds",
                    .unit = Unit::kSeconds,
                    .minimum = 0.0001,
                    .maximum = 86400,
                    .default_value = 1,
                    .doc = "Mode length: of each piece; the last may be shorter.",
                },
                {
                    .name = "positions_seconds",
                    .type = ParameterType::kNumberList,
                    .unit = Unit::kSeconds,
                    .maximum = 1e6,
                    .doc =
                        "Mode positions: where to cut, in any order; what lies beyond the end of "
                        "the clip does nothing.",
                },
                {
                    .name = "sensitivity",
                    .default_value = 0.5,
                    .doc = "Mode onsets: about 0.3 for loud attacks only, 0.7 for soft ones too.",
                },
            },
    });

}  // namespace
}  // namespace patchbay
