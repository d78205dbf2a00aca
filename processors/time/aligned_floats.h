#ifndef PROCESSORS_TIME_ALIGNED_FLOATS_H_
#define PROCESSORS_TIME_ALIGNED_FLOATS_H_

#include <cstddef>
#include <new>
#include <vector>

namespace patchbay {

// Allocates at cache lines, as SIMD code and FFTW like it.
template <typename T>
struct CacheLineAllocator {
  using value_type = T;
  static constexpr std::align_val_t kAlignment{64};

  CacheLineAllocator() = default;
  template <typename U>
  CacheLineAllocator(const CacheLineAllocator<U>&) {}  // NOLINT: implicit, as containers need it

  T* allocate(size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), kAlignment)); }
  void deallocate(T* p, size_t) { ::operator delete(p, kAlignment); }
  bool operator==(const CacheLineAllocator&) const { return true; }
};

using AlignedFloats = std::vector<float, CacheLineAllocator<float>>;

}  // namespace patchbay

#endif  // PROCESSORS_TIME_ALIGNED_FLOATS_H_
