#include <unistd.h>
#include <cstdio>
#include <cstring>
#include <string>
#include "server/server.h"
#include "spdlog/spdlog.h"
#include "spdlog/sinks/stdout_sinks.h"
int main(int argc, char** argv) {
  spdlog::set_default_logger(spdlog::stderr_logger_mt("x"));
  patchbay::internal::ServerConfig config;
  for (int i = 1; i < argc; ++i)
    if (!strncmp(argv[i], "--address=", 10)) config.set_address(argv[i] + 10);
  auto server = patchbay::Server::Start(config);
  if (!server.ok()) { fprintf(stderr, "%s\n", server.status().ToString().c_str()); return 1; }
  printf("listening on %s\n", (*server)->address().c_str()); fflush(stdout);
  char c; while (read(0, &c, 1) > 0) {}
  (*server)->Drain();
  return 0;
}
