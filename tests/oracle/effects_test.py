"""Convolution, delay, compressor, oscillator and follower against scipy and closed forms."""

import unittest

import numpy as np
import patchbay as pb
from scipy import signal

RATE_HZ = 48000
RANDOM = np.random.default_rng(4)
NOISE = RANDOM.uniform(-0.5, 0.5, (2, 20000)).astype(np.float32)


def level(amplitude, frames=48000):
    return np.full(frames, amplitude, np.float32)


class EffectsTest(unittest.TestCase):
    def test_convolution(self):
        for frames in (1, 63, 64, 65, 1000, 30000):
            impulse = RANDOM.normal(0, 0.1, (2, frames)).astype(np.float32)
            ours = pb.process(pb.Convolution(impulse=impulse), NOISE, RATE_HZ)
            theirs = signal.fftconvolve(NOISE.astype(float), impulse.astype(float), axes=1)
            self.assertEqual(ours.shape, theirs.shape)
            self.assertLess(np.max(np.abs(ours - theirs)), 1e-5 * np.max(np.abs(theirs)), frames)

    def test_gain_and_delay_in_closed_form(self):
        np.testing.assert_allclose(
            pb.process("gain(gain_db=-9)", NOISE, RATE_HZ), NOISE * 10 ** (-9 / 20), rtol=1e-6
        )
        feedback, mix, frames = 0.5, 0.25, 480
        ours = pb.process(f"delay(delay_seconds=0.01, feedback={feedback}, mix={mix})", NOISE, RATE_HZ)
        expected = np.zeros((2, ours.shape[1]))
        expected[:, : NOISE.shape[1]] = (1 - mix) * NOISE
        for echo in range(1, ours.shape[1] // frames):
            first = echo * frames
            length = min(NOISE.shape[1], ours.shape[1] - first)
            expected[:, first : first + length] += mix * feedback ** (echo - 1) * NOISE[:, :length]
        self.assertLess(np.max(np.abs(ours - expected)), 1e-5)

    def test_compressor_static_curve(self):
        threshold, ratio, knee = -20.0, 4.0, 10.0
        text = f"compressor(threshold_db={threshold}, ratio={ratio}, knee_db={knee}, attack_seconds=0.001, release_seconds=0.01)"
        for input_db in range(-50, 1, 5):
            over = input_db - threshold
            if over < -knee / 2:
                expected = input_db
            elif over > knee / 2:
                expected = threshold + over / ratio
            else:
                expected = input_db + (1 / ratio - 1) * (over + knee / 2) ** 2 / (2 * knee)
            out = pb.process(text, level(10 ** (input_db / 20)), RATE_HZ)
            self.assertAlmostEqual(20 * np.log10(out[-1]), expected, delta=0.05)

    def test_compressor_time_constants(self):
        attack, release = 0.02, 0.1
        text = f"compressor(threshold_db=-40, ratio=100, knee_db=0, attack_seconds={attack}, release_seconds={release})"
        audio = np.concatenate([level(0.01), level(1.0), level(0.01)])
        out = pb.process(text, audio, RATE_HZ)
        reduction_db = 20 * np.log10(audio / out)
        full = 40 * (1 - 1 / 100)
        self.assertAlmostEqual(reduction_db[95999], full, delta=0.1)
        # 63 % of the way after one time constant.
        rise = np.argmax(reduction_db[48000:] >= full * (1 - np.exp(-1))) / RATE_HZ
        fall = np.argmax(reduction_db[96000:] <= full * np.exp(-1)) / RATE_HZ
        self.assertAlmostEqual(rise, attack, delta=0.05 * attack)
        self.assertAlmostEqual(fall, release, delta=0.05 * release)

    def test_follower_time_constants(self):
        attack, release = 0.01, 0.05
        text = f"envelope_follower(attack_seconds={attack}, release_seconds={release})"
        audio = np.concatenate([level(1.0, 24000), level(0.0, 24000)])
        envelope = pb.run(text, audio, RATE_HZ).controls["envelope_follower.envelope"].values
        rise = np.argmax(envelope >= 1 - np.exp(-1)) / RATE_HZ
        fall = np.argmax(envelope[24000:] <= np.exp(-1) * envelope[23999]) / RATE_HZ
        self.assertAlmostEqual(rise, attack, delta=0.02 * attack)
        self.assertAlmostEqual(fall, release, delta=0.02 * release)

    def test_oscillator_aliasing(self):
        frames = RATE_HZ  # whole cycles of whole frequencies: every partial is one bin
        for waveform in ("saw", "square", "triangle"):
            for frequency_hz in (101, 997, 2999, 4999):
                text = f"oscillator(waveform={waveform}, frequency_hz={frequency_hz}, duration_seconds=1)"
                spectrum = np.abs(np.fft.rfft(pb.process(text, sample_rate=RATE_HZ)[0].astype(float)))
                self.assertEqual(len(spectrum), frames // 2 + 1)
                alias = spectrum.copy()
                alias[::frequency_hz] = 0
                alias_db = 20 * np.log10(alias.max() / spectrum[frequency_hz])
                self.assertLess(alias_db, -80, text)

    def test_noise_spectra(self):
        for color, slope_db in (("white", 0), ("pink", -3.0103)):
            noise = pb.process(f"noise(color={color}, seed=3, duration_seconds=20)", sample_rate=RATE_HZ)[0]
            frequencies, power = signal.welch(noise.astype(float), RATE_HZ, nperseg=8192)
            heard = (frequencies > 60) & (frequencies < 15000)
            slope = np.polyfit(np.log2(frequencies[heard]), 10 * np.log10(power[heard]), 1)[0]
            self.assertAlmostEqual(slope, slope_db, delta=0.1)


if __name__ == "__main__":
    unittest.main()
