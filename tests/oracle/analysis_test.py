"""Analysers on real recordings: loudness against ffmpeg, the others against numpy and scipy."""

import re
import subprocess
import unittest

import numpy as np
import patchbay as pb
from scipy import signal

RATE_HZ = 44100
RECORDINGS = "/usr/share/sonic-pi/samples/{}.flac"

MUSIC = (
    "ambi_choir ambi_drone ambi_glass_hum ambi_haunted_hum ambi_lunar_land ambi_piano ambi_sauna "
    "bass_thick_c bass_voxy_c drum_roll guit_e_fifths guit_em9 guit_harmonics loop_amen_full "
    "loop_compus loop_garzul loop_industrial loop_mika loop_tabla perc_bell"
).split()

# One note at a time.
NOTES = "bass_hard_c bass_thick_c bass_trance_c bass_voxy_c bass_woodsy_c drum_cowbell tabla_na".split()


def ffmpeg(name, *arguments):
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", RECORDINGS.format(name), *arguments, "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def recording(name):
    """Shape (channels, frames), by way of the AU format: its offset and channels, then samples."""
    au = ffmpeg(name, "-f", "au", "-c:a", "pcm_f32be", "-ar", str(RATE_HZ))
    offset, channels = (int.from_bytes(au[at : at + 4], "big") for at in (4, 20))
    samples = np.frombuffer(au, ">f4", offset=offset).astype(np.float32)
    return np.ascontiguousarray(samples.reshape(-1, channels).T)


def controls(text, audio):
    """Control outputs by their own name, at the frames that they describe."""
    values = pb.run(text, audio, RATE_HZ).controls
    return {name.partition(".")[2]: np.asarray(value) for name, value in values.items()}


def loudness_range(short_term):
    """EBU Tech 3342, from short-term loudness."""
    gated = short_term[short_term >= -70]
    if len(gated) == 0:
        return 0
    gated = np.sort(gated[gated >= 10 * np.log10(np.mean(10 ** (gated / 10))) - 20])
    rank = [int(np.floor((len(gated) - 1) * part + 0.5)) for part in (0.1, 0.95)]
    return gated[rank[1]] - gated[rank[0]]


class LoudnessTest(unittest.TestCase):
    def test_against_ffmpeg(self):
        for name in MUSIC:
            audio = recording(name)
            ours = controls("loudness()", audio)
            printed = ffmpeg(
                name, "-af", "ebur128=metadata=1:peak=true,ametadata=print:file=-", "-f", "null"
            ).decode()

            def theirs(key, printed=printed):
                return np.array(re.findall(rf"lavfi\.r128\.{key}=(\S+)", printed), float)

            self.assertAlmostEqual(ours["integrated_db"][-1], theirs("I")[-1], delta=0.1, msg=name)
            peak_db = 20 * np.log10(theirs(r"true_peaks_ch\d+").max())
            self.assertAlmostEqual(ours["true_peak_db"][-1], peak_db, delta=0.3, msg=name)
            # Theirs at the end of each 100 ms, ours in the frame after.
            at = np.arange(RATE_HZ // 10, audio.shape[1], RATE_HZ // 10)
            for key, output in (("M", "momentary_db"), ("S", "short_term_db")):
                values = theirs(key)[: len(at)]
                heard = values > -60  # theirs begin when their window is full
                error = np.abs(ours[output][at] - values)[heard]
                self.assertLess(np.max(error, initial=0), 0.1, f"{name} {output}")
            # ffmpeg's percentiles are a rank lower than Tech 3342's, much in a short recording.
            expected = loudness_range(theirs("S")[: len(at)])
            self.assertAlmostEqual(ours["range_db"][-1], expected, delta=0.1, msg=name)


class PitchTest(unittest.TestCase):
    def autocorrelation_hz(self, window):
        """The first peak of the normalised autocorrelation that is nearly as high as any."""
        frames = len(window)
        correlation = signal.correlate(window, window, method="fft")[frames - 1 :][: frames // 2]
        correlation /= frames - np.arange(frames // 2)
        correlation /= correlation[0]
        peaks, _ = signal.find_peaks(correlation)
        peaks = peaks[peaks > RATE_HZ / 1000]
        if len(peaks) == 0 or correlation[peaks].max() < 0.9:
            return 0
        k = peaks[correlation[peaks] > 0.95 * correlation[peaks].max()][0]
        before, peak, after = correlation[k - 1 : k + 2]
        return RATE_HZ / (k + 0.5 * (before - after) / (before - 2 * peak + after))

    def test_notes_against_autocorrelation(self):
        frames = 8192
        cents = []
        for name in NOTES:
            audio = recording(name)
            mono = audio.mean(axis=0, dtype=float)
            ours = controls("pitch(minimum_hz=30, maximum_hz=1000)", audio)["frequency_hz"]
            for first in range(0, len(mono) - frames, frames // 2):
                theirs = self.autocorrelation_hz(mono[first : first + frames])
                hz = ours[first + frames // 2]
                if theirs > 0 and hz > 0:
                    cents.append(1200 * np.log2(hz / theirs))
        cents = np.abs(cents)
        self.assertGreater(len(cents), 100)
        self.assertLess(np.median(cents), 20)
        self.assertLess(np.mean(cents > 50), 0.1)

    def test_the_notes_that_file_names_say(self):
        for name in ("bass_thick_c", "bass_trance_c", "bass_woodsy_c"):
            hz = controls("pitch()", recording(name))["frequency_hz"]
            cents = 1200 * np.log2(np.median(hz[hz > 0]) / 440) - 300  # from C
            self.assertLess(abs((cents + 600) % 1200 - 600), 20, name)


class StatisticsTest(unittest.TestCase):
    def test_level(self):
        audio = recording("loop_amen")
        ours = controls("level(window_seconds=0.32)", audio)
        frames = 32 * 441  # parts of 441 frames
        for end in range(frames, audio.shape[1], 441 * 10):
            window = audio[:, end - frames : end].astype(float)
            self.assertAlmostEqual(ours["peak_db"][end], 20 * np.log10(np.abs(window).max()), delta=1e-3)
            self.assertAlmostEqual(ours["rms_db"][end], 10 * np.log10(np.mean(window**2)), delta=1e-3)

    def test_zero_crossing(self):
        audio = recording("loop_amen")
        ours = controls("zero_crossing(window_seconds=0.32)", audio)["rate_hz"]
        frames = 32 * 441
        for end in range(frames + 441, audio.shape[1], 441 * 10):
            signs = audio[:, end - frames - 1 : end] < 0
            theirs = np.count_nonzero(signs[:, 1:] != signs[:, :-1]) / len(audio) / 0.32
            self.assertAlmostEqual(ours[end], theirs, delta=1e-2)

    def test_spectral(self):
        audio = recording("loop_amen")
        mono = audio.mean(axis=0, dtype=float)
        frames, hop = 2048, 441
        ours = controls("spectral(window_seconds=0.04, hop_seconds=0.01)", audio)
        window = signal.get_window("hann", frames) * 2 / frames
        frequencies = np.fft.rfftfreq(frames, 1 / RATE_HZ)
        before = None
        for end in range(hop * 5, len(mono), hop):
            magnitudes = np.abs(np.fft.rfft(mono[end - frames : end] * window))
            direction = magnitudes / np.linalg.norm(magnitudes)
            flatness = np.exp(np.mean(np.log(magnitudes**2 + 1e-20))) / np.mean(magnitudes**2)
            rolloff = np.searchsorted(np.cumsum(magnitudes), 0.85 * np.sum(magnitudes))
            at = end - (frames + hop) // 2
            centroid = np.sum(frequencies * magnitudes) / np.sum(magnitudes)
            self.assertAlmostEqual(ours["centroid_hz"][at] / centroid, 1, delta=1e-3)
            self.assertAlmostEqual(ours["flatness"][at], flatness, delta=1e-3)
            self.assertAlmostEqual(ours["rolloff_hz"][at], frequencies[rolloff], delta=25)
            if before is not None:
                self.assertAlmostEqual(ours["flux"][at], np.sum((direction - before) ** 2), delta=1e-3)
            before = direction


if __name__ == "__main__":
    unittest.main()
