"""The server as a process: start, second server, drain, health, reflection, death of its parent."""

import signal
import subprocess
import unittest

import grpc
import numpy as np

from patchbay.v1 import patchbay_pb2 as pb
from tests.end_to_end.servers import PROGRAM, RunningServer, running_server
from tests.end_to_end.session_call import SessionCall, config, open_request


def health(channel, service=b"patchbay.v1.Patchbay"):
    """grpc.health.v1.HealthCheckResponse.status, spoken by hand."""
    check = channel.unary_unary("/grpc.health.v1.Health/Check")
    return check(b"\x0a" + bytes([len(service)]) + service, timeout=10)


class ServerProcessTest(unittest.TestCase):
    def test_a_second_server_on_the_same_socket_is_refused(self):
        with running_server() as server:
            second = subprocess.run(
                [PROGRAM, "serve", "--address", server.address], capture_output=True, text=True, timeout=30
            )
            self.assertNotEqual(second.returncode, 0)
            self.assertIn("another server", second.stderr)
            server.stub.GetProcessor(pb.GetProcessorRequest(name="gain"), timeout=10)

    def test_a_second_server_on_the_same_port_is_refused(self):
        first = RunningServer("127.0.0.1:0")
        second = subprocess.run(
            [PROGRAM, "serve", "--address", first.address], capture_output=True, text=True, timeout=30
        )
        self.assertNotEqual(second.returncode, 0)
        self.assertIn("cannot listen", second.stderr)
        self.assertEqual(first.stop()[0], 0)

    def test_plaintext_beyond_loopback_needs_a_flag(self):
        refused = subprocess.run(
            [PROGRAM, "serve", "--address", "0.0.0.0:0"], capture_output=True, text=True, timeout=30
        )
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("--insecure", refused.stderr)

    def test_is_healthy_and_drains_on_sigterm(self):
        with running_server() as server:
            self.assertEqual(health(server.channel), b"\x08\x01")
            call = SessionCall(server.stub, open_request(config("gain()")))
            server.process.send_signal(signal.SIGTERM)
            # Accepted work goes on while new work is refused: wait for the refusal, then stream on.
            while True:
                try:
                    server.stub.CreateSession(pb.CreateSessionRequest(config=config("gain()")), timeout=10)
                except grpc.RpcError as error:
                    self.assertEqual(error.code(), grpc.StatusCode.UNAVAILABLE)
                    break
            self.assertEqual(len(call.process(np.ones((2, 100), np.float32))), 1)
            call.end()
            self.assertEqual(server.process.wait(30), 0)

    def test_reflection_is_off_unless_asked_for(self):
        list_services = b"\x3a\x00"
        method = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
        with running_server("--reflection") as server:
            reply = next(server.channel.stream_stream(method)(iter([list_services]), timeout=10))
            self.assertIn(b"patchbay.v1.Patchbay", reply)
        with running_server() as server:
            with self.assertRaises(grpc.RpcError) as error:
                next(server.channel.stream_stream(method)(iter([list_services]), timeout=10))
            self.assertEqual(error.exception.code(), grpc.StatusCode.UNIMPLEMENTED)

    def test_ends_with_its_parent(self):
        with running_server() as server:
            code, _ = server.stop()
            self.assertEqual(code, 0)

    def test_a_client_killed_in_mid_stream_leaves_the_server_running(self):
        with running_server() as server:
            call = SessionCall(server.stub, open_request(config("reverb()")))
            call.process(np.zeros((2, 1000), np.float32))
            call.abandon()
            server.channel.close()
            with grpc.insecure_channel(server.address) as channel:
                self.assertEqual(health(channel), b"\x08\x01")


if __name__ == "__main__":
    unittest.main()
