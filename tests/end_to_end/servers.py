"""Servers for tests: the real program, on private sockets, ended with the test."""

import contextlib
import os
import subprocess
import tempfile

import grpc

from patchbay.v1 import patchbay_pb2_grpc

# In Bazel's runfiles, whether tested or run.
PROGRAM = os.path.join(os.path.dirname(__file__), "../../clients/cli/patchbay")


class RunningServer:
    """One `patchbay serve` process and a client stub for it."""

    def __init__(self, address, *flags):
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--address", address, "--exit_with_stdin", *flags],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.first_line = self.process.stdout.readline()
        self.address = self.first_line.replace("listening on ", "").strip()
        self.channel = grpc.insecure_channel(
            self.address, options=[("grpc.use_local_subchannel_pool", 1), ("grpc.max_receive_message_length", -1)]
        )
        self.stub = patchbay_pb2_grpc.PatchbayStub(self.channel)

    def stop(self):
        """Ends the server by end-of-file on its standard input; returns (exit code, log)."""
        self.channel.close()
        if self.process.stdin:
            self.process.stdin.close()
            self.process.stdin = None
        _, log = self.process.communicate(timeout=30)
        return self.process.returncode, log

    def close(self):
        if self.process.poll() is None:
            self.stop()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe:
                pipe.close()


@contextlib.contextmanager
def running_server(*flags):
    """A server on a unix socket in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="patchbay-test-", dir="/tmp") as folder:
        server = RunningServer("unix:%s/socket" % folder, *flags)
        try:
            yield server
        finally:
            server.close()
