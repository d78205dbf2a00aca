#!/usr/bin/env python3
"""What a moving parameter and a large graph cost, and DawDreamer's automation beside ours.

    bazel build -c opt //tests/benchmarks:engine_timer
    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install dawdreamer numpy
    /tmp/venv/bin/python tests/benchmarks/automation.py bazel-bin/tests/benchmarks/engine_timer

Every line compares two ways on the same 60 s of stereo, in turn, round by round, on one core, in
processor time; the ratio is the median of the rounds' ratios. Without DawDreamer its line is left
out.
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
ROUNDS = 15
NODES = 100

FAST_DELAY = "delay(delay_seconds=lfo(1Hz, 0.005, offset=0.015), max_delay_seconds=1)"
SINE = "oscillator(frequency_hz={})"
SAW = "oscillator(waveform='saw', frequency_hz={})"

# What moves; the constant case; the moving one. A generator takes no input.
MOVES = [
    ("gain", "gain(gain_db=-6)", "gain(gain_db={-20, 60s: 0})"),
    ("lowpass, order 2", "lowpass(cutoff_hz=1000)", "lowpass(cutoff_hz={200, 60s: 8000})"),
    ("delay", "delay(delay_seconds=0.25)", "delay(delay_seconds={0.2, 60s: 0.3})"),
    ("delay, by an LFO", "delay(delay_seconds=0.25)", FAST_DELAY),
    ("delay, its feedback", "delay(feedback=0.5)", "delay(feedback={0.1, 60s: 0.9})"),
    ("delay, its mix", "delay(mix=0.5)", "delay(mix={0, 60s: 1})"),
    (
        "compressor",
        "compressor(threshold_db=-20, ratio=4)",
        "compressor(threshold_db={-30, 60s: -10}, ratio=4)",
    ),
    ("pan", "pan(position=0.3)", "pan(position={-1, 60s: 1})"),
    ("oscillator, sine", SINE.format("440"), SINE.format("{100, 60s: 2000}")),
    ("oscillator, saw", SAW.format("440"), SAW.format("{100, 60s: 2000}")),
]

# What may move a gain.
SOURCES = [
    "lfo(2Hz, 6)",
    "lfo(lfo(0.1Hz, 1, offset=2), 6)",
    "adsr(attack_seconds=20, gate_seconds=30)",
    "envelope([-1, -10, -1], [30, 30], curve='exponential')",
    "ramp(-20, 0, 60)",
    "random(5Hz, -6, 0)",
    "random(5Hz, -6, 0, mode='smooth')",
    "step_sequence(values=[0, -6, -12])",
    "slew(random(5Hz, -6, 0))",
    "map(lfo(2Hz), -1, 1, -12, -1, curve='exponential')",
    "combine(lfo(2Hz), 6, operation='multiply')",
    "envelope_follower(in)",
]

# What a delay costs beside one of 0.25 s.
DELAYS_MS = {"1 frame": "0.0208333333", "4 frames": "0.0833333333", "16 frames": "0.333333333"}


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
        start = time.process_time()
        engine.render(SECONDS)
        return time.process_time() - start

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
        rows = MOVES + [
            (f"gain, by {source}", "gain(gain_db=-6)", f"gain(gain_db={source})")
            for source in SOURCES
        ]
        print(f"{'':64} {'moving':>10} {'constant':>10} {'ratio':>6}")
        for name, constant, moving in rows:
            slow, fast, ratio = ratio_of(lambda: timer(moving), lambda: timer(constant))
            print(f"{name:64} {slow * 1e3:8.1f}ms {fast * 1e3:8.1f}ms {ratio:6.2f}")
        for name, milliseconds in DELAYS_MS.items():
            short, usual, ratio = ratio_of(
                lambda: timer(f"delay(delay_seconds={milliseconds}ms)"),
                lambda: timer("delay(delay_seconds=0.25)"),
            )
            times = f"{short * 1e3:.1f} ms, of 0.25 s: {usual * 1e3:.1f} ms, {ratio:.2f}"
            print(f"a constant delay of {name}: {times}")

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
