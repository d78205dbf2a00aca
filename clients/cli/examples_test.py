"""Every file in examples/, run as its comment says, on real recordings, and what comes out."""

import csv
import glob
import os
import re
import shlex
import unittest

import numpy as np

from clients.cli.cli_test_case import CliTestCase, read_wav, wav_bytes

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "examples")
# From the packages alsa-utils and sonic-pi-samples.
RECORDINGS = {
    "speech": "/usr/share/sounds/alsa/Front_Center.wav",
    "music": "/usr/share/sonic-pi/samples/loop_garzul.flac",
    "drums": "/usr/share/sonic-pi/samples/loop_amen.flac",
    "guitar": "/usr/share/sonic-pi/samples/guit_em9.flac",
}
RATE = 44100


def decibels(samples):
    return 20 * np.log10(np.sqrt(np.mean(np.square(samples, dtype=float))) + 1e-12)


@unittest.skipUnless(all(map(os.path.exists, RECORDINGS.values())), "recordings are not installed")
class ExamplesTest(CliTestCase):
    def record(self, name):
        """The recording as name.wav at 44100 Hz; returns its samples."""
        wav = name + ".wav"
        self.patchbay("process", "-q", RECORDINGS[name], "-o", wav, "--subtype", "float", "resample(44100Hz)")
        samples, rate = read_wav(self.path(wav))
        self.assertEqual(rate, RATE)
        return samples

    def run_example(self, name, *options):
        """Runs it as its comment says; returns what came out."""
        path = os.path.join(FOLDER, name + ".patchbay")
        with open(path) as file:
            command = re.search(r"^#   patchbay (process .*)$", file.read(), re.MULTILINE)[1]
        words = []
        for word in shlex.split(command):
            expanded = sorted(glob.glob(word, root_dir=self.folder)) if "*" in word else [word]
            words += [path if one == name + ".patchbay" else one for one in expanded]
        _, err = self.patchbay(*words, "--subtype", "float", *options)
        self.assertEqual(err, "")
        output = words[words.index("-o") + 1]
        return None if output.endswith("/") else read_wav(self.path(output))[0]

    def test_every_example_is_tested(self):
        names = {name[: -len(".patchbay")] for name in os.listdir(FOLDER)}
        self.assertEqual(names, {name[len("test_") :] for name in dir(self) if name[len("test_") :] in names})
        self.assertGreaterEqual(len(names), 8)

    def test_ducking(self):
        speech = self.record("speech")
        pause = np.zeros((1, 3 * RATE // 2), np.float32)
        self.write("speech.wav", wav_bytes(np.hstack([pause, speech, pause, speech, pause]), RATE))
        music = self.record("music")
        ducked = self.run_example("ducking")[:, : music.shape[1]]
        for start in [pause.shape[1], 2 * pause.shape[1] + speech.shape[1]]:
            loudest = start + int(np.argmax(np.abs(speech[0])))
            word = slice(loudest, loudest + RATE // 5)
            self.assertLess(decibels(ducked[:, word]), decibels(music[:, word]) - 12)
            end = start + speech.shape[1]
            after = slice(end + RATE, end + 3 * RATE // 2)
            self.assertAlmostEqual(decibels(ducked[:, after]), decibels(music[:, after]), delta=1)

    def test_reversed_pieces(self):
        self.record("drums")
        out = self.run_example("reversed_pieces")
        chop = "chop(mode=onsets, minimum_seconds=50ms)"
        done = self.json("process", "drums.wav", "-o", "piece.wav", "--subtype", "float", chop)
        pieces = [read_wav(self.path(file["path"]))[0][:, ::-1] for file in done["outputs"]]
        self.assertGreater(len(pieces), 8)
        fade = int(0.005 * RATE + 0.5)
        self.assertEqual(out.shape[1], sum(piece.shape[1] for piece in pieces) - fade * (len(pieces) - 1))
        position = 0
        for piece in pieces:
            inner = slice(fade, piece.shape[1] - fade)
            there = out[:, position : position + piece.shape[1]]
            np.testing.assert_array_equal(there[:, inner], piece[:, inner])
            position += piece.shape[1] - fade

    def test_binaural_beats(self):
        out = self.run_example("binaural_beats")
        spectrum = np.abs(np.fft.rfft(out * np.hanning(out.shape[1])))
        peaks = np.argmax(spectrum, axis=1) * 48000 / out.shape[1]
        np.testing.assert_allclose(peaks, [220, 226], atol=0.1)

    def test_ping_pong_delay(self):
        dry = np.mean(self.record("guitar"), axis=0)
        out = self.run_example("ping_pong_delay")
        delay = round(0.3 * RATE)
        expected = np.zeros((2, len(dry)))
        left, right = np.zeros(len(dry)), np.zeros(len(dry))
        for start in range(delay, len(dry), delay):
            now, before = slice(start, start + delay), slice(start - delay, start)
            size = len(dry[now])
            left[now] = (dry[before] + 0.6 * right[before])[:size]
            right[now] = 0.6 * left[before][:size]
        expected = np.stack([dry + left, dry + right])
        np.testing.assert_allclose(out[:, : len(dry)], expected, atol=1e-5)

    def test_multiband_compressor(self):
        drums = self.record("drums")
        self.assertLess(decibels(self.run_example("multiband_compressor")), decibels(drums) - 1)
        soft = (drums * 1e-3).astype(np.float32)
        self.write("drums.wav", wav_bytes(soft, RATE))
        out = self.run_example("multiband_compressor")[:, : soft.shape[1]]
        self.assertLess(decibels(out - soft), decibels(soft) - 100)

    def test_tremolo(self):
        guitar = self.record("guitar")
        out = self.run_example("tremolo")
        t = np.arange(guitar.shape[1]) / RATE
        gain_db = 6 * np.sin(2 * np.pi * 6 * t) - 6
        np.testing.assert_allclose(out, guitar * 10 ** (gain_db / 20), atol=1e-4)

    def test_exponential_fade(self):
        music = self.record("music")
        out = self.run_example("exponential_fade")
        gain = 0.001 ** np.clip(1 - np.arange(music.shape[1]) / (2 * RATE), 0, 1)
        np.testing.assert_allclose(out, music * gain, atol=1e-5)

    def loudness(self, name):
        self.patchbay("process", name, "--controls", "loudness.csv", "loudness()")
        with open(self.path("loudness.csv")) as file:
            return float(list(csv.DictReader(file))[-1]["loudness.integrated_db"])

    def test_podcast_voice(self):
        speech = self.record("speech")
        out = self.run_example("podcast_voice")
        self.assertEqual(out.shape, (1, speech.shape[1]))
        self.assertAlmostEqual(self.loudness("podcast.wav"), -16, delta=0.5)
        self.assertLess(np.max(np.abs(out)), 10 ** (-1 / 20))

    def test_speech_dataset(self):
        os.mkdir(self.path("raw"))
        names = ["Front_Left.wav", "Front_Right.wav", "Rear_Center.wav"]
        for name in names:
            original, rate = read_wav("/usr/share/sounds/alsa/" + name)
            pause = np.zeros((original.shape[0], rate), np.int16)
            self.write("raw/" + name, wav_bytes(np.hstack([pause, original, pause]), rate))
        self.run_example("speech_dataset")
        self.assertEqual(sorted(os.listdir(self.path("ready"))), names)
        for name in names:
            samples, rate = read_wav(self.path("ready/" + name))
            self.assertEqual((rate, samples.shape[0]), (16000, 1))
            original, original_rate = read_wav("/usr/share/sounds/alsa/" + name)
            self.assertLess(samples.shape[1] / rate, original.shape[1] / original_rate + 0.2)
            self.assertAlmostEqual(self.loudness("ready/" + name), -23, delta=0.3)

    def test_fm_bell(self):
        out = self.run_example("fm_bell")[0]
        self.assertEqual(len(out), 3 * 48000)
        start = out[:48000]
        self.assertGreater(decibels(start), decibels(out[-48000:]) + 30)
        power = np.abs(np.fft.rfft(start * np.hanning(48000))) ** 2
        sidebands = np.abs(1000 + 280 * np.arange(-12, 13))
        near = np.unique((sidebands[:, None] + np.arange(-4, 5)).ravel())
        self.assertGreater(np.sum(power[near]), 0.99 * np.sum(power))


if __name__ == "__main__":
    unittest.main()
