"""Filters against scipy: the same coefficients, and measured against analytic responses."""

import unittest

import numpy as np
import patchbay as pb
from scipy import signal

RATE_HZ = 48000
NOISE = np.random.default_rng(3).uniform(-0.5, 0.5, (2, 24000)).astype(np.float32)


def cookbook(kind, cutoff_hz, q, gain_db=0.0):
    """One second-order section of the Audio EQ Cookbook (R. Bristow-Johnson), as scipy's sos."""
    w = 2 * np.pi * cutoff_hz / RATE_HZ
    alpha = np.sin(w) / (2 * q)
    a = 10 ** (gain_db / 40)
    cos = np.cos(w)
    root = 2 * np.sqrt(a) * alpha
    b, d = {
        "bandpass": ([alpha, 0, -alpha], [1 + alpha, -2 * cos, 1 - alpha]),
        "notch": ([1, -2 * cos, 1], [1 + alpha, -2 * cos, 1 - alpha]),
        "peak": (
            [1 + alpha * a, -2 * cos, 1 - alpha * a],
            [1 + alpha / a, -2 * cos, 1 - alpha / a],
        ),
        "low_shelf": (
            [
                a * ((a + 1) - (a - 1) * cos + root),
                2 * a * ((a - 1) - (a + 1) * cos),
                a * ((a + 1) - (a - 1) * cos - root),
            ],
            [(a + 1) + (a - 1) * cos + root, -2 * ((a - 1) + (a + 1) * cos), (a + 1) + (a - 1) * cos - root],
        ),
        "high_shelf": (
            [
                a * ((a + 1) + (a - 1) * cos + root),
                -2 * a * ((a - 1) + (a + 1) * cos),
                a * ((a + 1) + (a - 1) * cos - root),
            ],
            [(a + 1) - (a - 1) * cos + root, 2 * ((a - 1) - (a + 1) * cos), (a + 1) - (a - 1) * cos - root],
        ),
    }[kind]
    return np.array([[*b, *d]]) / d[0]


class FiltersTest(unittest.TestCase):
    def check(self, text, sos):
        ours = pb.process(text, NOISE, RATE_HZ)
        theirs = signal.sosfilt(sos, NOISE.astype(float))
        self.assertLess(np.max(np.abs(ours - theirs)), 1e-5 * max(1, np.max(np.abs(theirs))), text)

        impulse = np.zeros(1 << 16, np.float32)
        impulse[0] = 1
        frequencies, analytic = signal.sosfreqz(sos, 1 << 12, fs=RATE_HZ)
        measured = np.fft.rfft(pb.process(text, impulse, RATE_HZ)[: 1 << 16])[:: 1 << 3][: 1 << 12]
        heard = np.abs(analytic) > 1e-3
        error_db = 20 * np.log10(np.abs(measured[heard]) / np.abs(analytic[heard]))
        self.assertLess(np.max(np.abs(error_db)), 0.05, text)

    def test_butterworth_of_every_order(self):
        for name in ("highpass", "lowpass"):
            for order in range(1, 9):
                for cutoff_hz in (100, 1000, 12000):
                    sos = signal.butter(order, cutoff_hz, name, fs=RATE_HZ, output="sos")
                    self.check(f"{name}(cutoff_hz={cutoff_hz}, order={order})", sos)

    def test_equalizers(self):
        for cutoff_hz in (60, 1000, 9000):
            for q in (0.5, 0.7071, 6):
                for kind in ("bandpass", "notch"):
                    self.check(f"{kind}(cutoff_hz={cutoff_hz}, q={q})", cookbook(kind, cutoff_hz, q))
                for kind in ("peak", "low_shelf", "high_shelf"):
                    for gain_db in (-12, 6):
                        self.check(
                            f"{kind}(cutoff_hz={cutoff_hz}, q={q}, gain_db={gain_db})",
                            cookbook(kind, cutoff_hz, q, gain_db),
                        )


if __name__ == "__main__":
    unittest.main()
