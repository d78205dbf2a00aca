#!/usr/bin/env python3
"""What a moving parameter and a large graph cost, and DawDreamer's automation beside ours.

    bazel build -c opt //tests/benchmarks:engine_timer
    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install dawdreamer numpy
    /tmp/venv/bin/python tests/benchmarks/automation.py bazel-bin/tests/benchmarks/engine_timer

Every line compares two ways on the same 60 s of stereo, in turn, round by round, on one core; the
ratio is the median of the rounds' ratios. Without DawDreamer its line is left out.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

RATE_HZ = 48000
SECONDS = 60
ROUNDS = 7
NODES = 100

MOVES = [
    ("gain", "gain(gain_db=-6)", "gain(gain_db={-20, 60s: 0})"),
    ("lowpass, order 2", "lowpass(cutoff_hz=1000)", "lowpass(cutoff_hz={200, 60s: 8000})"),
    ("delay", "delay(delay_seconds=0.25)", "delay(delay_seconds={0.2, 60s: 0.3})"),
    (
        "compressor",
        "compressor(threshold_db=-20, ratio=4)",
        "compressor(threshold_db={-30, 60s: -10}, ratio=4)",
    ),
    ("gain, moved by an LFO", "gain(gain_db=-6)", "gain(gain_db=lfo(2Hz, 6))"),
]


class Timer:
    def __init__(self, program, folder, signal):
        paths = [os.path.join(folder, name) for name in ("signal", "impulse")]
        signal.tofile(paths[0])
        signal[:, :100].tofile(paths[1])
        self.process = subprocess.Popen(
            [program, *paths], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


SWEEP = "lowpass(cutoff_hz={200, 60s: 8000}, order=2) | gain(gain_db={-20, 60s: 0})"


def dawdreamer_sweep(signal, dawdreamer):
    """A function that renders SWEEP's like, in DawDreamer's usual blocks, and says how long it took."""
    engine = dawdreamer.RenderEngine(RATE_HZ, 512)
    player = engine.make_playback_processor("player", signal)
    lowpass = engine.make_filter_processor("lowpass", "low", 1000.0, 0.707, 1.0)
    lowpass.set_automation("freq", np.linspace(200, 8000, signal.shape[1], dtype=np.float32))
    gain = engine.make_faust_processor("gain")
    gain.set_dsp_string('gain = hslider("gain", 0.5, 0, 1, 0.0001); process = _ * gain, _ * gain;')
    gain.compile()
    name = gain.get_parameters_description()[0]["name"]
    gain.set_automation(name, np.geomspace(0.1, 1, signal.shape[1]).astype(np.float32))
    engine.load_graph([(player, []), (lowpass, ["player"]), (gain, ["lowpass"])])

    def run():
        start = time.perf_counter()
        engine.render(SECONDS)
        return time.perf_counter() - start

    return run


def ratio_of(slow, fast):
    """Medians of both times, and of their ratio, over the rounds."""
    slow(), fast()
    pairs = [(slow(), fast()) for _ in range(ROUNDS)]
    medians = [statistics.median(times) for times in zip(*pairs)]
    return *medians, statistics.median(a / b for a, b in pairs)


def main():
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # and the child's
    signal = np.random.default_rng(1).uniform(-0.5, 0.5, (2, RATE_HZ * SECONDS)).astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        timer = Timer(sys.argv[1], folder, signal)
        print(f"{'':24} {'moving':>10} {'constant':>10} {'ratio':>6}")
        for name, constant, moving in MOVES:
            slow, fast, ratio = ratio_of(lambda: timer(moving), lambda: timer(constant))
            print(f"{name:24} {slow * 1e3:8.1f}ms {fast * 1e3:8.1f}ms {ratio:6.2f}")

        graph = " | ".join(["scale(mult=0.999)"] * NODES)
        alone, together, ratio = ratio_of(
            lambda: sum(timer("scale(mult=0.999)") for _ in range(NODES)), lambda: timer(graph)
        )
        print(f"{NODES} nodes: one by one {alone * 1e3:.1f} ms, as a graph {together * 1e3:.1f} ms, {ratio:.2f}")
        try:
            import dawdreamer
        except ImportError:
            print("DawDreamer is not installed: not compared")
        else:
            theirs, ours, ratio = ratio_of(dawdreamer_sweep(signal, dawdreamer), lambda: timer(SWEEP))
            print(f"filter and gain moving: DawDreamer {theirs * 1e3:.1f} ms, Patchbay {ours * 1e3:.1f} ms, {ratio:.2f}")
        timer.close()


if __name__ == "__main__":
    main()
