// Included once for each target of Highway, as its foreach_target.h wants it.
#if defined(PROCESSORS_CORE_FOURS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef PROCESSORS_CORE_FOURS_INL_H_
#undef PROCESSORS_CORE_FOURS_INL_H_
#else
#define PROCESSORS_CORE_FOURS_INL_H_
#endif

#include <cstring>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace patchbay {
namespace HWY_NAMESPACE {

// Vectors of the compiler's, which every target has; Highway chooses the target. They are passed by
// reference: not every target has registers for them.
using Four [[gnu::vector_size(16)]] = float;
using Eight [[gnu::vector_size(32)]] = float;

template <typename Vector, typename T>
HWY_INLINE void Load(const T* p, Vector& vector) {
  std::memcpy(&vector, p, sizeof(vector));
}

template <typename Vector, typename T>
HWY_INLINE void Store(const Vector& vector, T* p) {
  std::memcpy(p, &vector, sizeof(vector));
}

// Four samples from each of two places.
HWY_INLINE void LoadTwoFours(const float* p, const float* q, Eight& both) {
  Four first, second;
  Load(p, first);
  Load(q, second);
  both = __builtin_shufflevector(first, second, 0, 1, 2, 3, 4, 5, 6, 7);
}

// Four samples from each of eight places, place(0) to place(7): x0 gets the first of each, and so
// on.
template <typename Place>
HWY_INLINE void LoadEightFours(Place place, Eight& x0, Eight& x1, Eight& x2, Eight& x3) {
  Eight a, b, c, d;
  LoadTwoFours(place(0), place(4), a);
  LoadTwoFours(place(1), place(5), b);
  LoadTwoFours(place(2), place(6), c);
  LoadTwoFours(place(3), place(7), d);
  // Turned within both halves.
  const Eight ab01 = __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13);
  const Eight ab23 = __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
  const Eight cd01 = __builtin_shufflevector(c, d, 0, 8, 1, 9, 4, 12, 5, 13);
  const Eight cd23 = __builtin_shufflevector(c, d, 2, 10, 3, 11, 6, 14, 7, 15);
  x0 = __builtin_shufflevector(ab01, cd01, 0, 1, 8, 9, 4, 5, 12, 13);
  x1 = __builtin_shufflevector(ab01, cd01, 2, 3, 10, 11, 6, 7, 14, 15);
  x2 = __builtin_shufflevector(ab23, cd23, 0, 1, 8, 9, 4, 5, 12, 13);
  x3 = __builtin_shufflevector(ab23, cd23, 2, 3, 10, 11, 6, 7, 14, 15);
}

}  // namespace HWY_NAMESPACE
}  // namespace patchbay
HWY_AFTER_NAMESPACE();

#endif  // PROCESSORS_CORE_FOURS_INL_H_
