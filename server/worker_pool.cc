#include "server/worker_pool.h"

#include <algorithm>
#include <utility>

namespace patchbay {

WorkerPool::WorkerPool(int num_threads) {
  for (int i = 0; i < std::max(1, num_threads); ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

void WorkerPool::Finish() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void WorkerPool::Post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

void WorkerPool::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    if (tasks_.empty()) return;
    const std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
}

void Strand::Post(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  tasks_.push_back(std::move(task));
  if (busy_) return;
  busy_ = true;
  pool_.Post([self = shared_from_this()] { self->RunNext(); });
}

void Strand::RunOrPost(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (busy_) {
      tasks_.push_back(std::move(task));
      return;
    }
    busy_ = true;
  }
  task();
  const std::lock_guard lock(mutex_);
  busy_ = !tasks_.empty();
  if (busy_) pool_.Post([self = shared_from_this()] { self->RunNext(); });
}

void Strand::RunNext() {
  std::function<void()> task;
  {
    const std::lock_guard lock(mutex_);
    task = std::move(tasks_.front());
    tasks_.pop_front();
  }
  task();
  task = nullptr;  // What it holds may be destroyed before the next task runs.
  const std::lock_guard lock(mutex_);
  busy_ = !tasks_.empty();
  if (busy_) pool_.Post([self = shared_from_this()] { self->RunNext(); });
}

}  // namespace patchbay
