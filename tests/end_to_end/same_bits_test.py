"""One real recording through CLI, C++ and Python, embedded and over a socket: the same bits."""

import os
import subprocess
import tempfile
import unittest
import wave

import numpy as np
import patchbay as pb
from scipy.io import wavfile

HERE = os.path.dirname(__file__)
CLI = os.path.join(HERE, "../../clients/cli/patchbay")
CPP = os.path.join(HERE, "cpp_process")
RECORDING = "/usr/share/sounds/alsa/Front_Center.wav"
CHAIN = (
    "highpass(cutoff_hz=80) | compressor(threshold_db=-24, ratio=3) | "
    "convolution(impulse=@impulse, mix=0.3) | reverb() | fade(in_seconds=0.05, out_seconds=0.1)"
)


class SameBitsTest(unittest.TestCase):
    def test_every_way_in_gives_the_same_bits(self):
        with wave.open(RECORDING) as file:
            rate_hz = file.getframerate()
            ints = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())
        audio = (ints.T / 32768).astype(np.float32)
        impulse = np.random.default_rng(1).normal(0, 0.05, (1, 4000)).astype(np.float32)

        with tempfile.TemporaryDirectory(prefix="patchbay-test-", dir="/tmp") as folder:
            impulse_path = os.path.join(folder, "impulse.wav")
            wavfile.write(impulse_path, rate_hz, impulse[0])
            address = "unix:%s/socket" % folder
            server = subprocess.Popen(
                [CLI, "serve", "--address", address, "--exit_with_stdin"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self.addCleanup(server.stdout.close)
            server.stdout.readline()

            def python(connection):
                return connection.process(CHAIN, audio, rate_hz, clips={"impulse": impulse})

            def cli(*flags):
                out = os.path.join(folder, "out.wav")
                subprocess.run(
                    [CLI, "process", RECORDING, "-o", out, "--subtype", "float", "-q"]
                    + ["--clip", "impulse=" + impulse_path, *flags, CHAIN],
                    check=True,
                )
                return wavfile.read(out)[1].T.reshape(audio.shape[0], -1)

            def cpp():
                out = os.path.join(folder, "out.raw")
                subprocess.run([CPP, address, CHAIN, RECORDING, impulse_path, out], check=True)
                return np.fromfile(out, np.float32).reshape(audio.shape[0], -1)

            with pb.connect() as embedded, pb.connect(address) as remote:
                expected = python(embedded)
                results = {
                    "Python over a socket": python(remote),
                    "CLI embedded": cli(),
                    "CLI in chunks of 1000": cli("--chunk_frames", "1000"),
                    "CLI over a socket": cli("--server", address),
                    "C++ over a socket": cpp(),
                }
            server.communicate(timeout=30)
        self.assertGreater(expected.shape[1], audio.shape[1], "the tail is included")
        for name, result in results.items():
            np.testing.assert_array_equal(result, expected, name)


if __name__ == "__main__":
    unittest.main()
