import base64
import io
import re
import sys
import unittest
import wave
from unittest import mock

import numpy as np

import patchbay as pb
from patchbay import picture
from patchbay.v1 import patchbay_pb2

RATE = 8000
SINE = np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE).astype(np.float32)


def result(clips, controls=None):
    return pb.Result(clips, controls or {}, [RATE] * len(clips), patchbay_pb2.Report())


class ReprTest(unittest.TestCase):
    def test_is_one_line(self):
        control = pb.ControlValues(np.zeros(100, np.float32), 0, 80, RATE)
        self.assertEqual(
            repr(result([SINE, np.stack([SINE, SINE])], {"lfo.out": control})),
            "Result(clips=[8000 at 8000 Hz, 2x8000 at 8000 Hz], controls={lfo.out: 100 values})",
        )


class PictureTest(unittest.TestCase):
    def test_a_row_for_each_thing_over_one_time_axis(self):
        control = pb.ControlValues(np.zeros(100, np.float32), 0, 80, RATE)
        figure = result([SINE, np.stack([SINE, SINE])], {"lfo.out": control}).plot()
        self.assertEqual(len(figure.axes), 5)
        self.assertEqual(figure.axes[4].get_title(loc="left"), "lfo.out")
        self.assertEqual({axis.get_xlim() for axis in figure.axes}, {figure.axes[0].get_xlim()})
        self.assertEqual(len(figure.axes[2].lines), 2)

    def test_nothing_and_empty_clips(self):
        for clips in ([], [np.zeros((2, 0), np.float32)], [np.zeros(1, np.float32)]):
            picture.html(result(clips).plot())

    def test_peaks_are_never_left_out(self):
        clip = np.zeros(1_000_000, np.float32)
        clip[654_321] = 1
        line = result([clip]).plot().axes[0].lines[0]
        self.assertLess(len(line.get_ydata()), 10_000)
        self.assertEqual(max(line.get_ydata()), 1)

    def test_levels_are_those_of_sines(self):
        levels = picture.levels_db(SINE)
        middle = levels[:, levels.shape[1] // 2]
        self.assertEqual(middle.argmax(), 128)  # 1000 Hz
        self.assertAlmostEqual(middle.max(), 0, places=2)

    def test_without_matplotlib_the_error_says_so(self):
        with mock.patch.dict(sys.modules, {"matplotlib.figure": None}):
            with self.assertRaisesRegex(ImportError, "pip install matplotlib"):
                result([SINE]).plot()
            html = result([SINE])._repr_html_()
        self.assertIn("<audio", html)
        self.assertIn("pip install matplotlib", html)


class HtmlTest(unittest.TestCase):
    def wav_in(self, html):
        encoded = re.search(r"data:audio/wav;base64,([^\"]*)", html).group(1)
        return wave.open(io.BytesIO(base64.b64decode(encoded)))

    def test_a_player_and_a_picture(self):
        html = result([SINE])._repr_html_()
        self.assertIn("data:image/png;base64,", html)
        wav = self.wav_in(html)
        self.assertEqual((wav.getframerate(), wav.getnframes()), (RATE, RATE))
        samples = np.frombuffer(wav.readframes(RATE), "<i2") / 32768
        np.testing.assert_allclose(samples, SINE, atol=1 / 32768)

    def test_long_and_wide_clips_are_cut(self):
        html = result([np.zeros((3, 61 * RATE), np.float32)])._repr_html_()
        wav = self.wav_in(html)
        self.assertEqual((wav.getnframes(), wav.getnchannels()), (60 * RATE, 2))
        self.assertIn("first two channels", html)
        self.assertIn("first 60 s", html)


class ControlValuesTest(unittest.TestCase):
    def test_values_and_times(self):
        control = pb.ControlValues(np.array([1, 2], np.float32), 80, 8, RATE)
        np.testing.assert_allclose(control.times_seconds, [0.01, 0.011])
        np.testing.assert_array_equal(2 * np.asarray(control), [2, 4])
        self.assertEqual((len(control), np.max(control)), (2, 2))


if __name__ == "__main__":
    unittest.main()
