#ifndef PROCESSORS_CORE_CONTROL_H_
#define PROCESSORS_CORE_CONTROL_H_

#include <cassert>
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

  constexpr float operator[](int frame) const {
    return is_constant() ? constant_ : values_[frame];
  }

 private:
  std::span<const float> values_;
  float constant_ = 0;
};

}  // namespace patchbay

#endif  // PROCESSORS_CORE_CONTROL_H_
