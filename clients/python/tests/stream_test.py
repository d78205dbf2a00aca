import unittest

import numpy as np

import patchbay as pb

RATE = 48000
NOISE = np.random.default_rng(1).uniform(-0.5, 0.5, (2, 9000)).astype(np.float32)


class StreamTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(pb.connect())

    def test_streamed_equals_whole(self):
        description = "highpass(80Hz) | compressor() | delay(delay_seconds=0.01, feedback=0.3)"
        whole = self.server.process(description, NOISE, RATE)
        for chunk in (1, 100, 256, 1000, 9000):
            with self.server.open(description, RATE, channels=2) as stream:
                frames = NOISE[:, : max(chunk * 20, 1000)]
                out = [
                    stream.process(frames[:, i : i + chunk])
                    for i in range(0, frames.shape[1], chunk)
                ]
                self.assertEqual(stream.position, frames.shape[1])
            out = np.concatenate(out, axis=1)
            np.testing.assert_array_equal(out, whole[:, : out.shape[1]])

    def test_flush_drains_and_starts_anew(self):
        delay = pb.Delay(delay_seconds=0.01, feedback=0.5)
        whole = self.server.process(delay, NOISE, RATE)
        with self.server.open(delay, RATE, channels=2) as stream:
            self.assertGreater(stream.tail_frames, 480)
            for _ in range(2):
                head = stream.process(NOISE)
                rest = stream.flush()
                self.assertEqual(rest.shape[1], stream.latency_frames + stream.tail_frames)
                np.testing.assert_array_equal(np.concatenate([head, rest], axis=1), whole)
                self.assertEqual(stream.position, 0)
        self.assertGreaterEqual(stream.report.statistics.frames, 18000)

    def test_flat_chunks_are_answered_by_flat_ones(self):
        with self.server.open(pb.Delay(), RATE, channels=1) as stream:
            self.assertEqual(stream.process(NOISE[0]).shape, (9000,))
            self.assertEqual(stream.flush().ndim, 1)
            self.assertEqual(stream.process(NOISE[:1]).shape, (1, 9000))
            self.assertEqual(stream.flush().ndim, 2)

    def test_reset_forgets(self):
        with self.server.open(pb.Lowpass(cutoff_hz=100), RATE, channels=2) as stream:
            first = stream.process(NOISE)
            stream.reset()
            self.assertEqual(stream.position, 0)
            np.testing.assert_array_equal(stream.process(NOISE), first)

    def test_set_takes_effect_at_its_frame(self):
        with self.server.open("scale(mult=1) | scale(mult=1)", RATE, channels=1) as stream:
            stream.set("scale_2", mult=2.0, at_frame=150)
            ones = np.ones(100, np.float32)
            out = np.concatenate([stream.process(ones), stream.process(ones)])
            np.testing.assert_array_equal(out[:150], np.ones(150))
            moved = np.flatnonzero(out != 1)
            self.assertIn(moved[0], (150, 151))  # a ramp leaves from 1 at its first frame
            for _ in range(20):
                out = stream.process(ones)
            np.testing.assert_array_equal(out, 2 * ones)

    def test_set_without_a_node_or_a_frame(self):
        with self.server.open(pb.Gain(), RATE, channels=1) as stream:
            ones = np.ones(2000, np.float32)
            np.testing.assert_array_equal(stream.process(ones), ones)
            stream.set(gain_db=-20)
            out = stream.process(ones)
            self.assertGreater(out[0], 0.9)
            np.testing.assert_allclose(out[-1], 0.1, rtol=1e-5)

    def test_set_to_a_curve_and_to_values(self):
        with self.server.open(pb.Scale(), RATE, channels=1) as stream:
            ones = np.ones(1000, np.float32)
            values = np.linspace(0, 1, 500)
            stream.set(mult=values, at_frame=2000)
            stream.set(mult=pb.Curve([(0, 1), (pb.frame(500), 3)]), at_frame=5000)
            out = np.concatenate([stream.process(ones) for _ in range(7)])
        # What smooths a change delays it, but no longer than this.
        self.assertEqual((out[1999], out[4999], out[-1]), (1, 1, 3))
        self.assertLess(out[2000:4000].min(), 0.9)
        self.assertTrue(np.all(np.diff(out[5000:]) >= 0))

    def test_controls_come_with_the_audio(self):
        with self.server.open(pb.EnvelopeFollower(), RATE, channels=2) as stream:
            self.assertEqual(stream.process(NOISE[:, :100]), [])
            stream.process(NOISE[:, 100:250])
            self.assertEqual(len(stream.take_controls()["envelope_follower.envelope"]), 250)
            self.assertEqual(len(stream.take_controls()["envelope_follower.envelope"]), 0)
            stream.process(NOISE[:, 250:260])
            times = stream.take_controls()["envelope_follower.envelope"].times_seconds
            np.testing.assert_allclose(times, np.arange(250, 260) / RATE)

    def test_generators_are_pulled(self):
        sine = pb.Oscillator(duration_seconds=0.01)
        whole = self.server.process(sine, sample_rate=RATE)
        with self.server.open(sine, RATE) as stream:
            pieces = [stream.pull(200) for _ in range(4)]
            self.assertEqual([piece.shape[1] for piece in pieces], [200, 200, 80, 0])
        np.testing.assert_array_equal(np.concatenate(pieces, axis=1), whole)

    def test_several_inputs(self):
        with self.server.open("mix()", RATE, channels=[2, 2]) as stream:
            np.testing.assert_allclose(
                stream.process([NOISE, NOISE]), stream.process([2 * NOISE, 0 * NOISE]), atol=1e-6
            )

    def test_audio_that_does_not_fit_is_told_before_it_is_sent(self):
        with self.server.open(pb.Gain(), RATE, channels=2) as stream:
            with self.assertRaisesRegex(TypeError, "1 channels.*opened with 2"):
                stream.process(NOISE[0])
            with self.assertRaisesRegex(TypeError, "2 inputs were given, the session has 1"):
                stream.process([NOISE, NOISE])
            with self.assertRaisesRegex(TypeError, "int16"):
                stream.process(NOISE.astype(np.int16))
            np.testing.assert_array_equal(stream.process(NOISE), NOISE)

    def test_what_the_server_refuses_is_raised_by_the_next_call(self):
        for change, error in [
            ({"gain_bd": 3}, pb.InvalidArgument),
            ({"gain_db": 1000}, pb.InvalidArgument),
            ({"gain_db": 0, "at_frame": 10}, pb.OutOfRange),
        ]:
            with self.assertRaises(error):
                with self.server.open(pb.Gain(), RATE, channels=2) as stream:
                    stream.process(NOISE[:, :100])
                    stream.set(**change)
                    stream.process(NOISE[:, 100:])

    def test_streams_do_not_disturb_each_other(self):
        with self.server.open(pb.Lowpass(), RATE, channels=2) as one:
            with self.server.open(pb.Lowpass(), RATE, channels=2) as other:
                for i in range(0, 9000, 1000):
                    a = one.process(NOISE[:, i : i + 1000])
                    b = other.process(NOISE[:, i : i + 1000])
                    np.testing.assert_array_equal(a, b)

    def test_an_exception_ends_the_session(self):
        with self.assertRaises(ZeroDivisionError):
            with self.server.open(pb.Gain(), RATE, channels=2) as stream:
                raise ZeroDivisionError
        with self.assertRaises(pb.Cancelled):
            stream.process(NOISE)


if __name__ == "__main__":
    unittest.main()
