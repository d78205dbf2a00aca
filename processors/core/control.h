#ifndef PROCESSORS_CORE_CONTROL_H_
#define PROCESSORS_CORE_CONTROL_H_

#include <cassert>
#include <cstdint>
#include <cstring>
#include <span>

namespace patchbay {

// A parameter's value over the frames of one Process call: constant (the fast path) or one
// value per frame. Owns nothing.
class Control {
 public:
  constexpr Control() = default;
  constexpr Control(float constant) : constant_(constant) {}  // NOLINT: implicit on purpose
  constexpr explicit Control(std::span<const float> values) : values_(values) {}

  constexpr bool is_constant() const { return values_.data() == nullptr; }

  // The value of a constant control; the first frame's value of a varying one.
  constexpr float constant() const { return is_constant() ? constant_ : values_[0]; }

  // One value per frame; only for a varying control.
  constexpr std::span<const float> values() const {
    assert(!is_constant());
    return values_;
  }

  constexpr float operator[](int frame) const { return is_constant() ? constant_ : values_[frame]; }

 private:
  std::span<const float> values_;
  float constant_ = 0;
};

// The first frame in (first, end) whose value differs from that of frame `first`; else end.
inline int HeldUntil(const Control& control, int first, int end) {
  if (control.is_constant()) return end;
  const float* const values = control.values().data();
  const float held = values[first];
  using Four [[gnu::vector_size(16)]] = float;
  constexpr int kStep = 16;  // compared without a branch between them
  const Four four_held = {held, held, held, held};
  for (; first + kStep <= end; first += kStep) {
    Four x[4];
    std::memcpy(x, values + first, sizeof(x));
    const auto equal =
        (x[0] == four_held) & (x[1] == four_held) & (x[2] == four_held) & (x[3] == four_held);
    int64_t halves[2];
    std::memcpy(halves, &equal, sizeof(halves));
    if ((halves[0] & halves[1]) != -1) break;
  }
  while (first < end && values[first] == held) ++first;
  return first;
}

}  // namespace patchbay

#endif  // PROCESSORS_CORE_CONTROL_H_
