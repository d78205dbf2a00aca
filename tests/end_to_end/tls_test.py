"""TLS with client certificates: who has none is refused, and owners see only their own sessions."""

import os
import subprocess
import tempfile
import unittest

import grpc

from patchbay.v1 import patchbay_pb2 as pb
from patchbay.v1 import patchbay_pb2_grpc
from tests.end_to_end.servers import RunningServer
from tests.end_to_end.session_call import config


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class TlsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        openssl(
            *("req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=authority".split()),
            *("-keyout", self.path("ca.key"), "-out", self.path("ca.pem")),
        )
        for name in ("localhost", "alice", "bob"):
            with open(self.path(name + ".ext"), "w") as extensions:
                extensions.write("subjectAltName=DNS:%s\n" % name)
            openssl(
                *("req -newkey rsa:2048 -nodes -subj".split()),
                *("/CN=" + name, "-keyout", self.path(name + ".key"), "-out", self.path(name + ".csr")),
            )
            openssl(
                *("x509 -req -days 1 -CAcreateserial".split()),
                *("-CA", self.path("ca.pem"), "-CAkey", self.path("ca.key")),
                *("-in", self.path(name + ".csr"), "-out", self.path(name + ".pem")),
                *("-extfile", self.path(name + ".ext")),
            )
        self.server = RunningServer(
            "127.0.0.1:0",
            *("--tls_certificate", self.path("localhost.pem"), "--tls_key", self.path("localhost.key")),
            *("--tls_client_ca", self.path("ca.pem")),
        )
        self.addCleanup(self.server.close)

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def stub(self, name=None):
        credentials = grpc.ssl_channel_credentials(
            self.read("ca.pem"),
            self.read(name + ".key") if name else None,
            self.read(name + ".pem") if name else None,
        )
        channel = grpc.secure_channel(
            self.server.address, credentials, [("grpc.ssl_target_name_override", "localhost")]
        )
        self.addCleanup(channel.close)
        return patchbay_pb2_grpc.PatchbayStub(channel)

    def test_owners_and_strangers(self):
        alice, bob = self.stub("alice"), self.stub("bob")
        session = alice.CreateSession(pb.CreateSessionRequest(config=config("gain()")), timeout=20)
        self.assertEqual(len(alice.ListSessions(pb.ListSessionsRequest()).sessions), 1)
        self.assertEqual(len(bob.ListSessions(pb.ListSessionsRequest(), timeout=20).sessions), 0)
        for call in (bob.GetSession, bob.DeleteSession, bob.CheckpointSession):
            request = {
                bob.GetSession: pb.GetSessionRequest,
                bob.DeleteSession: pb.DeleteSessionRequest,
                bob.CheckpointSession: pb.CheckpointSessionRequest,
            }[call](name=session.name)
            with self.assertRaises(grpc.RpcError) as error:
                call(request, timeout=20)
            self.assertEqual(error.exception.code(), grpc.StatusCode.NOT_FOUND)
        with self.assertRaises(grpc.RpcError) as error:
            self.stub().ListSessions(pb.ListSessionsRequest(), timeout=20)
        self.assertEqual(error.exception.code(), grpc.StatusCode.UNAVAILABLE)


if __name__ == "__main__":
    unittest.main()
