#ifndef SERVER_WORKER_POOL_H_
#define SERVER_WORKER_POOL_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace patchbay {

// A fixed number of threads that run tasks, first come first served. gRPC's own few threads must
// never do long work: it is posted here.
class WorkerPool {
 public:
  // At least one thread.
  explicit WorkerPool(int num_threads);
  ~WorkerPool() { Finish(); }

  // Runs what was posted to its end and stops. Nothing may be posted afterwards.
  void Finish();

  void Post(std::function<void()> task);

 private:
  void Work();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

// Runs tasks one after the other, in order, on a pool's threads: what belongs to one session never
// runs twice at a time, and one session with much to do takes turns with the others. The strand
// lives as long as any task of its.
class Strand : public std::enable_shared_from_this<Strand> {
 public:
  explicit Strand(WorkerPool& pool) : pool_(pool) {}

  void Post(std::function<void()> task);

  // Runs the task at once on this thread if nothing of the strand is running or waiting; otherwise
  // posts it. For tasks that are shorter than handing them over.
  void RunOrPost(std::function<void()> task);

 private:
  void RunNext();

  WorkerPool& pool_;
  std::mutex mutex_;
  std::deque<std::function<void()>> tasks_;
  bool busy_ = false;  // a task runs, or RunNext is posted
};

}  // namespace patchbay

#endif  // SERVER_WORKER_POOL_H_
