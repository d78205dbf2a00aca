#include "server/worker_pool.h"

#include <atomic>
#include <future>
#include <vector>

#include "gtest/gtest.h"

namespace patchbay {
namespace {

TEST(WorkerPoolTest, RunsWhatWasPostedToItsEnd) {
  std::atomic<int> count = 0;
  {
    WorkerPool pool(3);
    for (int i = 0; i < 1000; ++i) pool.Post([&] { ++count; });
  }
  EXPECT_EQ(count, 1000);
}

TEST(StrandTest, RunsOneTaskAtATimeInOrder) {
  WorkerPool pool(4);
  std::vector<int> order;  // unguarded: the strand is the guard
  std::promise<void> done;
  const auto strand = std::make_shared<Strand>(pool);
  for (int i = 0; i < 1000; ++i) strand->Post([&, i] { order.push_back(i); });
  strand->Post([&] { done.set_value(); });
  done.get_future().wait();
  ASSERT_EQ(order.size(), 1000u);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(order[i], i);
}

TEST(StrandTest, RunsAnIdleStrandsTaskOnTheCallersThread) {
  WorkerPool pool(1);
  const auto strand = std::make_shared<Strand>(pool);
  std::thread::id thread;
  strand->RunOrPost([&] { thread = std::this_thread::get_id(); });
  EXPECT_EQ(thread, std::this_thread::get_id());
}

TEST(StrandTest, RunOrPostWaitsItsTurnBehindARunningTask) {
  WorkerPool pool(2);
  const auto strand = std::make_shared<Strand>(pool);
  std::promise<void> started, release, done;
  std::vector<int> order;
  strand->Post([&] {
    started.set_value();
    release.get_future().wait();
    order.push_back(1);
  });
  started.get_future().wait();
  strand->RunOrPost([&] {
    order.push_back(2);
    done.set_value();
  });
  release.set_value();
  done.get_future().wait();
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(StrandTest, OneBusyStrandDelaysNoOther) {
  WorkerPool pool(2);
  const auto busy = std::make_shared<Strand>(pool);
  const auto quick = std::make_shared<Strand>(pool);
  std::promise<void> release, done;
  busy->Post([&] { release.get_future().wait(); });
  quick->Post([&] { done.set_value(); });
  done.get_future().wait();
  release.set_value();
}

}  // namespace
}  // namespace patchbay
