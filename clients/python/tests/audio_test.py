import unittest

import numpy as np

from patchbay.audio import Clip, Collector, Inputs, planar


class PlanarTest(unittest.TestCase):
    def test_float32_is_not_copied(self):
        audio = np.zeros((2, 10), np.float32)
        self.assertIs(planar(audio, "audio").base or audio, audio)
        self.assertTrue(np.shares_memory(planar(audio[0], "audio"), audio))

    def test_float64_is_cast(self):
        result = planar(np.full((2, 3), 0.1), "audio")
        self.assertEqual(result.dtype, np.float32)
        np.testing.assert_array_equal(result, np.full((2, 3), np.float32(0.1)))

    def test_other_types_are_refused_and_named(self):
        for audio, reason in [
            (np.zeros((2, 10), np.int16), "not int16"),
            (np.zeros((2, 10), np.float16), "not float16"),
            (np.zeros((2, 10), bool), "not bool"),
            (np.zeros((2, 10), complex), "not complex128"),
            ([0.0, 1.0], "not list"),
            ("audio.wav", "not str"),
            (0.5, "not float"),
        ]:
            with self.subTest(reason), self.assertRaisesRegex(TypeError, reason):
                planar(audio, "audio")

    def test_other_shapes_are_refused_and_named(self):
        for shape, reason in [
            ((), r"not \(\)"),
            ((1, 2, 3), r"not \(1, 2, 3\)"),
            ((48000, 2), r"transpose it with \.T"),
            ((0, 5), "at least one channel"),
        ]:
            with self.subTest(shape), self.assertRaisesRegex(TypeError, reason):
                planar(np.zeros(shape, np.float32), "audio")


class InputsTest(unittest.TestCase):
    def test_one_array_is_one_input(self):
        inputs = Inputs.of(np.zeros(5))
        self.assertEqual((inputs.num_channels, inputs.is_flat), ([1], True))
        inputs = Inputs.of(np.zeros((1, 5)))
        self.assertEqual((inputs.num_channels, inputs.is_flat), ([1], False))

    def test_a_list_of_arrays_is_several_inputs(self):
        inputs = Inputs.of([np.zeros((2, 5)), np.ones((1, 3))]).of_equal_length()
        self.assertEqual(inputs.num_channels, [2, 1])
        np.testing.assert_array_equal(inputs.arrays[1], [[1, 1, 1, 0, 0]])

    def test_a_list_of_numbers_is_a_mistake(self):
        with self.assertRaisesRegex(TypeError, "not list"):
            Inputs.of([0.0, 1.0])
        with self.assertRaisesRegex(TypeError, "input 1 .*not float"):
            Inputs.of([np.zeros(3), 1.0])

    def test_none_is_no_input(self):
        self.assertEqual(Inputs.of(None).arrays, [])


class ClipTest(unittest.TestCase):
    def test_takes_the_streams_sample_rate_unless_it_has_its_own(self):
        audio = np.arange(6, dtype=np.float32).reshape(2, 3)
        message = Clip(audio).message(8000)
        self.assertEqual((message.format.sample_rate_hz, message.format.num_channels), (8000, 2))
        self.assertEqual(message.samples, audio.tobytes())
        self.assertEqual(Clip(audio, 44100).message(8000).format.sample_rate_hz, 44100)


class CollectorTest(unittest.TestCase):
    def test_gives_back_what_was_added_whatever_was_expected(self):
        audio = np.arange(2000, dtype=np.float32).reshape(2, 1000)
        for expected in (0, 10, 1000, 5000):
            collector = Collector(2)
            collector.expect(expected)
            for i in range(0, 1000, 300):
                collector.add(audio[:, i : i + 300].tobytes())
            np.testing.assert_array_equal(collector.take(), audio)
            self.assertEqual(collector.take().shape, (2, 0))


if __name__ == "__main__":
    unittest.main()
