"""Filters whose parameters move, against the analog filters that they are made from: scipy discretises
those anew at every reading of the parameters, and the state goes on."""

import unittest

import numpy as np
import patchbay as pb
from scipy import signal

RATE_HZ = 48000
FRAMES = 24000
READING_FRAMES = 32
NOISE = np.random.default_rng(5).uniform(-0.5, 0.5, FRAMES).astype(np.float32)

# The outputs of a state-variable filter with the damping k = 1 / q: rows of C, and D.
OUTPUTS = {
    "lowpass": lambda k: ([0.0, 1.0], 0.0),
    "highpass": lambda k: ([-k, -1.0], 1.0),
    "bandpass": lambda k: ([k, 0.0], 0.0),
    "notch": lambda k: ([-k, 0.0], 1.0),
}


def time_varying(kind, cutoff_hz, q, starts):
    """NOISE through the analog filter, discretised by the trapezoidal rule with the cutoff prewarped,
    with the values of cutoff_hz and q (arrays over frames) that they have at the frames `starts`."""
    output = np.empty(FRAMES)
    state = np.zeros(2)
    for first, end in zip(starts, [*starts[1:], FRAMES]):
        k = 1 / q[first]
        w = 2 * np.tan(np.pi * cutoff_hz[first] / RATE_HZ)
        c, d = OUTPUTS[kind](k)
        analog = [np.array(m) for m in ([[-k * w, -w], [w, 0.0]], [[w], [0.0]], [c], [[d]])]
        a, b, c, d, _ = signal.cont2discrete(analog, 1, method="bilinear")
        for i in range(first, end):
            output[i] = (c @ state + d[0] * NOISE[i]).item()
            state = a @ state + b[:, 0] * NOISE[i]
    return output


def readings(*steps):
    return sorted({*range(0, FRAMES, READING_FRAMES), *steps})


class SweepTest(unittest.TestCase):
    def check(self, description, expected):
        for chunk_frames in (FRAMES, 1000):
            with pb.connect() as server:
                with server.open(description, sample_rate=RATE_HZ, channels=1) as session:
                    chunks = [
                        session.process(NOISE[i : i + chunk_frames])
                        for i in range(0, FRAMES, chunk_frames)
                    ]
            ours = np.concatenate(chunks, axis=-1).ravel()
            self.assertLess(np.max(np.abs(ours - expected)), 1e-5)

    def test_exponential_sweep_of_the_cutoff(self):
        time = np.arange(FRAMES) / RATE_HZ
        cutoff_hz = 50 * (12000 / 50) ** (time / 0.5)
        q = np.full(FRAMES, np.sqrt(0.5))
        for kind in ("lowpass", "highpass"):
            expected = time_varying(kind, cutoff_hz, q, readings())
            self.check(f"{kind}(cutoff_hz={{50, 500ms: 12000 exponential}})", expected)

    def test_cutoff_and_q_at_once(self):
        time = np.arange(FRAMES) / RATE_HZ
        cutoff_hz = 8000 - 7800 * (time / 0.5)
        q = 0.5 + 19.5 * (0.5 - 0.5 * np.cos(np.pi * time / 0.5))
        for kind in ("bandpass", "notch"):
            expected = time_varying(kind, cutoff_hz, q, readings())
            self.check(
                f"{kind}(cutoff_hz={{8000, 500ms: 200}}, q={{0.5, 500ms: 20 smooth}})", expected
            )

    def test_a_step_lands_on_its_frame(self):
        cutoff_hz = np.where(np.arange(FRAMES) < 12345, 200.0, 5000.0)
        q = np.full(FRAMES, np.sqrt(0.5))
        expected = time_varying("lowpass", cutoff_hz, q, readings(12345))
        self.check("lowpass(cutoff_hz={200, 12345frames: 5000 step})", expected)

    def test_an_lfo(self):
        frames = np.arange(FRAMES)
        cutoff_hz = 2000 + 1500 * np.sin(2 * np.pi * 7 * frames / RATE_HZ)
        q = np.full(FRAMES, 4.0)
        expected = time_varying("bandpass", cutoff_hz, q, readings())
        self.check("bandpass(cutoff_hz=2000 + lfo(rate_hz=7, depth=1500), q=4)", expected)


if __name__ == "__main__":
    unittest.main()
