#ifndef PROCESSORS_ANALYSIS_LOUDNESS_HISTOGRAM_H_
#define PROCESSORS_ANALYSIS_LOUDNESS_HISTOGRAM_H_

#include <vector>

#include "processors/core/state_archive.h"

namespace patchbay {

// Loudness in LUFS of a weighted mean power, and back: ITU-R BS.1770-4. -120 for silence.
float LoudnessDb(double power);
double LoudnessPower(double loudness_db);

// The gated statistics of loudness, however long it has been measured: how often each hundredth of
// a LU has occurred, from the absolute gate of -70 LUFS to +30 LUFS. What is softer is not counted,
// what is louder counts as +30.
class LoudnessHistogram {
 public:
  LoudnessHistogram();

  void Add(double power);

  // Of those not softer than relative_gate_db (negative) below the mean of all: the mean power, as
  // BS.1770-4 defines integrated loudness; 0 if there are none.
  double GatedPower(double relative_gate_db) const;

  // Of the same, the distance of the 10th from the 95th percentile, as EBU Tech 3342 defines the
  // loudness range.
  float GatedRangeDb(double relative_gate_db) const;

  void Archive(StateArchive& archive);

  static int64_t HeapBytes();

 private:
  int FirstBin(double relative_gate_db) const;

  std::vector<float> counts_;
  double total_power_ = 0;
  double total_count_ = 0;
};

}  // namespace patchbay

#endif  // PROCESSORS_ANALYSIS_LOUDNESS_HISTOGRAM_H_
