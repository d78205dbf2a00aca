#ifndef PROCESSORS_CORE_ZEROED_ALLOCATOR_H_
#define PROCESSORS_CORE_ZEROED_ALLOCATOR_H_

#include <cstddef>
#include <cstdlib>
#include <new>

namespace patchbay {

// For a vector of zeros that costs nothing until it is touched: long clips come from the operating
// system as pages that are zero already, and are paid for one by one while they are filled.
template <typename T>
struct ZeroedAllocator {
  using value_type = T;

  ZeroedAllocator() = default;
  template <typename Other>
  ZeroedAllocator(const ZeroedAllocator<Other>&) {}  // NOLINT: implicit, as allocators are

  T* allocate(size_t count) {
    void* const memory = std::calloc(count, sizeof(T));
    if (memory == nullptr) throw std::bad_alloc();
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, size_t) { std::free(memory); }

  // Zero bytes are a zero.
  void construct(T*) {}
  void construct(T* at, const T& value) { *at = value; }

  bool operator==(const ZeroedAllocator&) const = default;
};

}  // namespace patchbay

#endif  // PROCESSORS_CORE_ZEROED_ALLOCATOR_H_
