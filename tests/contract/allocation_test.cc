// The audio path allocates nothing: every processor of the registry, in all chunk sizes, with
// parameters that move.

#include <cstdlib>
#include <new>

#include "gtest/gtest.h"
#include "processors/core/registry.h"
#include "tests/contract/subject.h"

namespace {

thread_local bool counting = false;
thread_local int allocations = 0;

void* Allocate(std::size_t size, std::size_t alignment) {
  if (counting) ++allocations;
  void* const memory =
      std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (memory == nullptr) std::abort();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return Allocate(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return Allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return Allocate(size, alignof(std::max_align_t));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace patchbay::testing {
namespace {

TEST(AllocationTest, CounterCounts) {
  allocations = 0;
  counting = true;
  delete new int;
  counting = false;
  EXPECT_EQ(allocations, 1);
}

TEST(AllocationTest, ProcessAllocatesNothing) {
  std::mt19937_64 random(1);
  for (const ProcessorType* type : Registry::Global().All()) {
    if (type->spec.timing != Timing::kStreaming) continue;
    SCOPED_TRACE(type->spec.name);
    const Subject subject = MakeSubject(type->spec, 2);
    std::unique_ptr<Engine> engine = *subject.NewEngine();
    for (const Change& change : RandomChanges(type->spec, 4000, random)) {
      ASSERT_TRUE(engine->SetControl("", change.parameter, change.value, change.frame).ok());
    }
    std::vector<ConstBlock> ins;
    for (const Clip& clip : subject.audio) ins.push_back(clip.Frames(0, 999));
    std::vector<Clip> outs;
    std::vector<Block> out_blocks;
    for (const int edge : engine->plan().outputs) {
      outs.emplace_back(48000, engine->plan().edges[edge].num_channels, 999);
    }
    for (Clip& out : outs) out_blocks.push_back(out.Frames(0, 999));
    std::vector<std::vector<float>> curves(engine->plan().control_outputs.size(),
                                           std::vector<float>(999));
    const std::vector<std::span<float>> controls(curves.begin(), curves.end());
    allocations = 0;
    counting = true;
    for (int i = 0; i < 6; ++i) {
      if (ins.empty()) {
        engine->Drain(out_blocks, controls, 999);
      } else if (!engine->Process(ins, out_blocks, controls, 999).ok()) {
        break;
      }
    }
    counting = false;
    EXPECT_EQ(allocations, 0);
    EXPECT_EQ(engine->position_frames(), 6 * 999);
  }
}

}  // namespace
}  // namespace patchbay::testing
