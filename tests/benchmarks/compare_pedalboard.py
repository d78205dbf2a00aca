#!/usr/bin/env python3
"""Compares Patchbay's processors with Pedalboard's, in process, on the same signal, on one core.

    bazel build -c opt //tests/benchmarks:engine_timer
    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install pedalboard numpy
    /tmp/venv/bin/python tests/benchmarks/compare_pedalboard.py bazel-bin/tests/benchmarks/engine_timer

Both run in turn, round by round; the ratio is the median of the rounds' ratios.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import pedalboard

RATE_HZ = 48000
SECONDS = 60
ROUNDS = 7


def cases(impulse):
    return [
        ("gain", pedalboard.Gain(-6), "gain(gain_db=-6)"),
        ("highpass, order 1", pedalboard.HighpassFilter(80), "highpass(cutoff_hz=80, order=1)"),
        ("lowpass, order 1", pedalboard.LowpassFilter(5000), "lowpass(cutoff_hz=5000, order=1)"),
        (
            "compressor",
            pedalboard.Compressor(-20, 4, 5, 100),
            "compressor(threshold_db=-20, ratio=4, attack_seconds=0.005, release_seconds=0.1, knee_db=0)",
        ),
        ("delay", pedalboard.Delay(0.25, 0.4, 0.5), "delay(delay_seconds=0.25, feedback=0.4, mix=0.5)"),
        (
            "convolution, 2 s",
            pedalboard.Convolution(impulse, mix=1.0, sample_rate=RATE_HZ),
            "convolution(impulse=@impulse, mix=1)",
        ),
        ("reverb", pedalboard.Reverb(), "reverb()"),
    ]


def main():
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # and the child's
    random = np.random.default_rng(1)
    signal = random.uniform(-0.5, 0.5, (2, RATE_HZ * SECONDS)).astype(np.float32)
    decay = np.exp(-np.arange(2 * RATE_HZ) / (0.4 * RATE_HZ))
    impulse = (random.normal(0, 0.05, (2, 2 * RATE_HZ)) * decay).astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("signal", "impulse")]
        signal.tofile(paths[0])
        impulse.tofile(paths[1])
        timer = subprocess.Popen([sys.argv[1], *paths], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def patchbay_seconds(text):
            timer.stdin.write(text + "\n")
            timer.stdin.flush()
            return float(timer.stdout.readline())

        def pedalboard_seconds(plugin):
            plugin.reset()
            start = time.process_time()
            plugin.process(signal, RATE_HZ)
            return time.process_time() - start

        print(f"{SECONDS} s of 48 kHz stereo, one core, median of {ROUNDS} rounds")
        print(f"{'':20} {'Patchbay':>10} {'Pedalboard':>11} {'times as fast':>14}")
        for name, plugin, text in cases(impulse):
            rounds = [(patchbay_seconds(text), pedalboard_seconds(plugin)) for _ in range(ROUNDS + 1)][1:]
            ours = statistics.median(a for a, _ in rounds)
            theirs = statistics.median(b for _, b in rounds)
            ratio = statistics.median(b / a for a, b in rounds)
            print(f"{name:20} {ours * 1e3:7.1f} ms {theirs * 1e3:8.1f} ms {ratio:13.2f}x")
        timer.stdin.close()
        timer.wait()


if __name__ == "__main__":
    main()
