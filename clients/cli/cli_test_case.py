"""Runs the program in a folder of its own, and reads and writes WAV files by hand."""

import json
import os
import shutil
import struct
import subprocess
import tempfile
import unittest

import numpy as np

PROGRAM = os.path.join(os.environ["TEST_SRCDIR"], "patchbay/clients/cli/patchbay")

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE


def wav_bytes(samples, rate=48000):
    """A WAV file of (channels, frames): float32 or int16, as the array is."""
    samples = np.atleast_2d(samples)
    channels, width = samples.shape[0], samples.dtype.itemsize
    data = samples.T.tobytes()
    code = _PCM if samples.dtype == np.int16 else _FLOAT
    header = struct.pack(
        "<4sIHHIIHH4sI",
        b"fmt ",
        16,
        code,
        channels,
        rate,
        rate * channels * width,
        channels * width,
        8 * width,
        b"data",
        len(data),
    )
    return b"RIFF" + struct.pack("<I", 4 + len(header) + len(data)) + b"WAVE" + header + data


def read_wav(path):
    """(channels, frames) of float32 or integers, and the sample rate."""
    with open(path, "rb") as file:
        content = file.read()
    assert content[:4] == b"RIFF" and content[8:12] == b"WAVE", content[:12]
    position, data = 12, None
    while position + 8 <= len(content):
        name, size = struct.unpack("<4sI", content[position : position + 8])
        body = content[position + 8 : position + 8 + size]
        if name == b"fmt ":
            code, channels, rate, _, _, bits = struct.unpack("<HHIIHH", body[:16])
        elif name == b"data":
            data = body
        position += 8 + size + size % 2
    if code == _FLOAT:
        values = np.frombuffer(data, "<f%d" % (bits // 8))
    elif bits == 24:
        raw = np.frombuffer(data, np.uint8).reshape(-1, 3)
        values = np.pad(raw, ((0, 0), (1, 0))).copy().view("<i4")[:, 0] >> 8
    else:
        values = np.frombuffer(data, "<i%d" % (bits // 8))
    return values.reshape(-1, channels).T, rate


class CliTestCase(unittest.TestCase):
    """Each test has a folder in which the program runs."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="patchbay-test-", dir="/tmp")  # short, for sockets
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content)

    def files(self):
        return sorted(os.listdir(self.folder))

    def patchbay(self, *arguments, exit_code=0, **options):
        """Runs it; returns what it printed, and on standard error."""
        done = subprocess.run(
            [PROGRAM, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=60, **options
        )
        self.assertEqual(done.returncode, exit_code, done.stdout + done.stderr)
        return done.stdout, done.stderr

    def json(self, *arguments):
        return json.loads(self.patchbay(*arguments, "--json")[0])

    def assertOneMessage(self, stderr, *parts):
        """One line that starts with the program's name."""
        lines = [line for line in stderr.splitlines() if not line.startswith("Try: ")]
        self.assertEqual(len(lines), 1, stderr)
        self.assertTrue(lines[0].startswith("patchbay: "), stderr)
        for part in parts:
            self.assertIn(part, lines[0])
