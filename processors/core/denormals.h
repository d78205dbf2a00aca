#ifndef PROCESSORS_CORE_DENORMALS_H_
#define PROCESSORS_CORE_DENORMALS_H_

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace patchbay {

// While it lives, this thread's arithmetic takes and gives zero for denormals, which cost a hundred
// times as much as other numbers. Every thread that runs States holds one.
class ScopedFlushDenormals {
 public:
#if defined(__SSE2__)
  ScopedFlushDenormals() : saved_(_mm_getcsr()) { _mm_setcsr(saved_ | kFlushToZero | kDenormalsAreZero); }
  ~ScopedFlushDenormals() { _mm_setcsr(saved_); }

 private:
  static constexpr unsigned kFlushToZero = 0x8000;
  static constexpr unsigned kDenormalsAreZero = 0x0040;
  const unsigned saved_;
#elif defined(__aarch64__)
  ScopedFlushDenormals() {
    asm volatile("mrs %0, fpcr" : "=r"(saved_));
    asm volatile("msr fpcr, %0" ::"r"(saved_ | kFlushToZero));
  }
  ~ScopedFlushDenormals() { asm volatile("msr fpcr, %0" ::"r"(saved_)); }

 private:
  static constexpr unsigned long kFlushToZero = 1UL << 24;
  unsigned long saved_;
#endif

 public:
  ScopedFlushDenormals(const ScopedFlushDenormals&) = delete;
  ScopedFlushDenormals& operator=(const ScopedFlushDenormals&) = delete;
};

}  // namespace patchbay

#endif  // PROCESSORS_CORE_DENORMALS_H_
