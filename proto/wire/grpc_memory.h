#ifndef PROTO_WIRE_GRPC_MEMORY_H_
#define PROTO_WIRE_GRPC_MEMORY_H_

namespace patchbay {

#ifdef PATCHBAY_THREAD_SANITIZER
extern "C" void AnnotateIgnoreReadsBegin(const char* file, int line);
extern "C" void AnnotateIgnoreReadsEnd(const char* file, int line);
#else
inline void AnnotateIgnoreReadsBegin(const char*, int) {}
inline void AnnotateIgnoreReadsEnd(const char*, int) {}
#endif

// Stands where a message is read that gRPC has handed over from another thread. gRPC is not built
// for ThreadSanitizer, which so cannot see what puts the two threads in order and would report
// every word: it does not look at what this thread reads while one of these lives.
class ReadsGrpcMemory {
 public:
  ReadsGrpcMemory() { AnnotateIgnoreReadsBegin(__FILE__, __LINE__); }
  ~ReadsGrpcMemory() { AnnotateIgnoreReadsEnd(__FILE__, __LINE__); }
  ReadsGrpcMemory(const ReadsGrpcMemory&) = delete;
};

}  // namespace patchbay

#endif  // PROTO_WIRE_GRPC_MEMORY_H_
