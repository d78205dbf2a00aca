"""An hour of audio takes as much memory as a minute."""

import os
import subprocess
import unittest

from clients.cli.cli_test_case import PROGRAM, CliTestCase


class LongFileTest(CliTestCase):
    def peak_kib(self, *arguments):
        # Freed memory that AddressSanitizer holds back is not the program's.
        no_quarantine = "quarantine_size_mb=0:thread_local_quarantine_size_kb=0"
        environment = {**os.environ, "ASAN_OPTIONS": no_quarantine}
        process = subprocess.Popen(
            [PROGRAM, "process", "-q", *arguments], cwd=self.folder, env=environment
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        return usage.ru_maxrss

    def test_memory_does_not_grow_with_length(self):
        peaks = {}
        for seconds in [60, 3600]:
            name = "%d.wav" % seconds
            generate = ["-o", name, "--sample_rate", "8000", "--seconds", str(seconds)]
            peaks["generate", seconds] = self.peak_kib(*generate, "oscillator(440Hz) | gain(-6dB)")
            peaks["process", seconds] = self.peak_kib(name, "-o", "out.wav", "highpass(80Hz) | gain(1dB)")
            frames = self.json("info", "out.wav")[0]["num_frames"]
            self.assertGreaterEqual(frames, 8000 * seconds)
        for what in ["generate", "process"]:
            self.assertLess(peaks[what, 3600], peaks[what, 60] + 16 * 1024, peaks)


if __name__ == "__main__":
    unittest.main()
