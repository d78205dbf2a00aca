#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <thread>
#include <grpcpp/grpcpp.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/generic/async_generic_service.h>
#include "clients/cpp/client.h"
#include "clients/cpp/process_call.h"
#include "proto/wire/transport.h"
#include "server/server.h"
using namespace patchbay;
using Clock = std::chrono::steady_clock;
struct Echo : grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
  grpc::ByteBuffer in, out;
  Echo() { StartRead(&in); }
  void OnReadDone(bool ok) override {
    if (!ok) { Finish(grpc::Status::OK); return; }
    size_t n = in.Length();
    grpc_slice s = grpc_slice_malloc_large(n);
    std::vector<grpc::Slice> v; (void)in.Dump(&v);
    uint8_t* p = GRPC_SLICE_START_PTR(s);
    for (auto& x : v) { memcpy(p, x.begin(), x.size()); p += x.size(); }
    float* f = reinterpret_cast<float*>(GRPC_SLICE_START_PTR(s));
    for (size_t i = 0; i < n / 4; ++i) f[i] *= 0.5f;
    grpc::Slice sl(s, grpc::Slice::STEAL_REF);
    out = grpc::ByteBuffer(&sl, 1);
    StartWrite(&out);
  }
  void OnWriteDone(bool ok) override { if (ok) StartRead(&in); }
  void OnDone() override { delete this; }
};
struct EchoService : grpc::CallbackGenericService {
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
    return new Echo;
  }
};
// raw client with the same CQ pattern
struct RawCall {
  grpc::ClientContext ctx; grpc::CompletionQueue cq;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> rpc;
  grpc::ByteBuffer rd; bool wr=false, rdp=false;
  RawCall(std::shared_ptr<grpc::Channel> ch) {
    rpc = grpc::GenericStub(ch).PrepareCall(&ctx, "/x/y", &cq);
    rpc->StartCall((void*)1); void* t; bool ok; cq.Next(&t,&ok);
    rpc->Read(&rd,(void*)2); rdp=true;
  }
  void pump() { void*t; bool ok; cq.Next(&t,&ok); if(t==(void*)2) rdp=false; else wr=false; if(!ok){printf("fail\n");exit(1);} }
  // transfer n messages of `size`, w in flight
  void run(std::vector<char>& src, std::vector<char>& dst, size_t size, int n, int w) {
    int sent=0, got=0;
    while (got<n) {
      while (sent<n && sent-got<w && !wr) {
        grpc_slice s = grpc_slice_malloc_large(size);
        memcpy(GRPC_SLICE_START_PTR(s), src.data()+ (size_t)(sent)*size % (src.size()-size+1), size);
        grpc::Slice sl(s, grpc::Slice::STEAL_REF); grpc::ByteBuffer b(&sl,1);
        wr=true; rpc->Write(b,(void*)3); ++sent;
      }
      pump();
      if(!rdp){ grpc::ByteBuffer m; m.Swap(&rd); rdp=true; rpc->Read(&rd,(void*)2);
        std::vector<grpc::Slice> v; (void)m.Dump(&v); size_t at=(size_t)got*size % (dst.size()-size+1);
        for(auto&x:v){ memcpy(dst.data()+at,x.begin(),x.size()); at+=x.size(); } ++got; }
    }
  }
};
double ms(Clock::time_point a) { return std::chrono::duration<double, std::milli>(Clock::now()-a).count(); }
int main() {
  internal::ServerConfig c; c.set_address("unix:/tmp/h4bench.sock"); c.set_log_level("off");
  auto server = *Server::Start(c);
  EchoService svc; grpc::ServerBuilder b;
  for (auto& a : kTransportArguments) b.AddChannelArgument(a.key, a.value);
  b.AddListeningPort("unix:/tmp/h4echo.sock", grpc::InsecureServerCredentials());
  b.RegisterCallbackGenericService(&svc); b.SetMaxReceiveMessageSize(16<<20);
  auto es = b.BuildAndStart();
  grpc::ChannelArguments args; for (auto& a : kTransportArguments) args.SetInt(a.key,a.value); args.SetMaxReceiveMessageSize(64<<20);
  auto ch = grpc::CreateCustomChannel("unix:/tmp/h4echo.sock", grpc::InsecureChannelCredentials(), args);
  auto client = *Client::Connect(server->address());
  for (size_t size : {64u<<10, 256u<<10, 1u<<20}) {
    for (int rep=0; rep<4; ++rep) {
      int n = (128<<20)/size;
      std::vector<char> src(64<<20), dst(64<<20);
      for (size_t i=0;i<src.size()/4;++i) ((float*)src.data())[i]=0.25f;
      RawCall raw(ch);
      auto t=Clock::now(); raw.run(src,dst,size,n,4); double e=ms(t);
      raw.ctx.TryCancel();
      raw.cq.Shutdown();
      Clip in(48000,2,8<<20); for(int cc=0;cc<2;++cc) for(auto&x:in.channel(cc)) x=0.25f;
      auto st=*client->Open(Text("gain(-6dB)"));
      Clip out(48000,2,8<<20);
      int64_t pos=0; int fr=size/8; int64_t frames=(128<<20)/8;
      t=Clock::now();
      int64_t left=frames;
      Source s=[&](std::span<const Block> ins)->absl::StatusOr<int>{ int k=std::min<int64_t>(left,ins[0].num_frames()); if(k==0) return 0; int64_t o=(frames-left)%((8<<20)-k+1); Copy(std::as_const(in).Frames(o,k),ins[0].Frames(0,k)); left-=k; return k;};
      Sink k=[&](const AudioPiece&p){ int64_t o=pos%((8<<20)-p.num_frames()+1); p.CopyTo(out.Frames(o,p.num_frames())); pos+=p.num_frames(); return absl::OkStatus();};
      auto stt=st->Run(s,k,fr); double p=ms(t);
      if(!stt.ok()) printf("%s\n", stt.ToString().c_str());
      auto rep2=*st->Close();
      printf("%zu KiB: echo %.0f MB/s, patchbay %.0f MB/s, ratio %.2f   queue %.1f compute %.1f transport %.1f ms\n", size>>10, 134.2/e*1e3, 134.2/p*1e3, e/p, rep2.statistics().queue_time().nanos()/1e6+rep2.statistics().queue_time().seconds()*1e3, rep2.statistics().compute_time().nanos()/1e6, rep2.statistics().transport_time().nanos()/1e6);
    }
  }
  { // small
    std::vector<char> src(1<<20), dst(1<<20); RawCall raw(ch);
    auto st=*client->Open(Text("gain(-6dB)"));
    Clip in(48000,2,128), out(48000,2,128);
    for (int rep=0;rep<4;++rep){
      std::vector<double> a,bb;
      for(int i=0;i<20000;++i){auto t=Clock::now(); raw.run(src,dst,1024+8,1,1); while(raw.wr) raw.pump(); a.push_back(ms(t)*1e3);}
      for(int i=0;i<20000;++i){auto t=Clock::now(); auto s=st->Process(in.Frames(0,128),out.Frames(0,128)); if(!s.ok()) puts("x"); bb.push_back(ms(t)*1e3);}
      std::sort(a.begin(),a.end()); std::sort(bb.begin(),bb.end());
      printf("128 frames: echo p50 %.1f p99 %.1f us; patchbay p50 %.1f p99 %.1f; ratio %.2f %.2f\n",a[10000],a[19800],bb[10000],bb[19800],bb[10000]/a[10000],bb[19800]/a[19800]);
    }
    raw.ctx.TryCancel();
    fflush(stdout); _exit(0);
  }
}
