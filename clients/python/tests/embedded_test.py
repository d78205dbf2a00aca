"""The embedded server lives exactly as long as the process that started it."""

import os
import select
import signal
import subprocess
import sys
import unittest
import unittest.mock

import numpy as np

import patchbay as pb
from patchbay import embedded

AUDIO = np.ones((1, 10), np.float32)

# Uses a server, says which process looks after it and where it listens, and waits to be killed.
PARENT = """
import signal, sys

import numpy as np
import patchbay as pb
from patchbay import embedded

pb.process("gain()", np.ones((1, 10), np.float32), 48000)
print(embedded._running._process.pid, embedded.address(), flush=True)
{then}
"""


def start_parent(then):
    """A process with an embedded server; a descriptor that is ready when the server is gone."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT.format(then=then)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    pid, address = parent.stdout.readline().split()
    gone = os.pidfd_open(int(pid))
    parent.stdin.close()  # now it may go on
    return parent, gone, os.path.dirname(address.removeprefix("unix:"))


class EmbeddedTest(unittest.TestCase):
    def assert_gone(self, gone, directory):
        ready, _, _ = select.select([gone], [], [], 60)
        os.close(gone)
        self.assertTrue(ready, "the server outlived its parent")
        self.assertFalse(os.path.exists(directory))

    def test_is_shared_by_all_of_a_process(self):
        with pb.connect() as one, pb.connect() as other:
            self.assertEqual(one.address, other.address)

    def test_its_socket_is_private(self):
        directory = os.path.dirname(embedded.address().removeprefix("unix:"))
        self.assertEqual(os.stat(directory).st_mode & 0o777, 0o700)

    def test_ends_when_its_parent_ends(self):
        parent, gone, directory = start_parent("sys.stdin.read()")
        self.assertEqual(parent.wait(60), 0)
        parent.stdout.close()
        self.assert_gone(gone, directory)

    def test_ends_when_its_parent_is_killed(self):
        parent, gone, directory = start_parent("signal.pause()")
        parent.send_signal(signal.SIGKILL)
        self.assertEqual(parent.wait(60), -signal.SIGKILL)
        parent.stdout.close()
        self.assert_gone(gone, directory)

    def test_does_not_wait_for_streams_that_were_never_closed(self):
        parent, gone, directory = start_parent(
            "stream = pb.connect().open('gain()', 48000, 1); sys.stdin.read()"
        )
        self.assertEqual(parent.wait(60), 0)
        parent.stdout.close()
        self.assert_gone(gone, directory)

    def test_ends_when_its_parent_fails(self):
        parent, gone, directory = start_parent("sys.stdin.read(); sys.exit(1)")
        self.assertEqual(parent.wait(60), 1)
        parent.stdout.close()
        self.assert_gone(gone, directory)

    def test_a_forked_child_starts_its_own(self):
        address = embedded.address()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            pb.process("gain()", AUDIO, 48000)
            os.write(writing, embedded.address().encode())
            embedded._stop()
            os._exit(0)
        os.close(writing)
        childs = os.read(reading, 1000).decode()
        os.close(reading)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.assertTrue(childs.startswith("unix:/"))
        self.assertNotEqual(childs, address)
        self.assertEqual(pb.process("gain()", AUDIO, 48000).shape, (1, 10))
        self.assertEqual(embedded.address(), address)

    def test_is_started_again_if_it_died(self):
        address = embedded.address()
        os.killpg(embedded._running._process.pid, signal.SIGKILL)
        embedded._running._process.wait()
        np.testing.assert_array_equal(pb.process("gain()", AUDIO, 48000), AUDIO)
        self.assertNotEqual(embedded.address(), address)

    def test_a_server_that_does_not_start_says_why(self):
        program = os.path.join(os.environ["TEST_TMPDIR"], "broken")
        with open(program, "w") as file:
            file.write("#!/bin/sh\necho 'out of luck' >&2\nexit 1\n")
        os.chmod(program, 0o755)
        with unittest.mock.patch.dict(os.environ, {"PATCHBAY_SERVER": program}):
            with self.assertRaisesRegex(pb.Unavailable, "out of luck"):
                embedded._Process()


if __name__ == "__main__":
    unittest.main()
