import os
import subprocess
import unittest
from unittest import mock

import numpy as np

import patchbay as pb
from patchbay import embedded

RATE = 48000
NOISE = np.random.default_rng(1).uniform(-0.5, 0.5, (2, 3000)).astype(np.float32)


class ProcessTest(unittest.TestCase):
    def test_a_processor_a_chain_and_the_text_form(self):
        half = np.float32(10 ** (-6 / 20))
        for description in (
            pb.Gain(gain_db=-6),
            pb.Gain(gain_db=-3) | pb.Gain(gain_db=-3),
            "gain(gain_db=-6)",
            "gain(-2dB) | gain(-4dB)",
        ):
            y = pb.process(description, NOISE, RATE)
            self.assertEqual((y.dtype, y.shape), (np.float32, NOISE.shape))
            np.testing.assert_allclose(y, NOISE * half, atol=1e-6)

    def test_flat_in_flat_out_if_mono(self):
        for audio in (NOISE[0], NOISE[0].astype(float)):
            self.assertEqual(pb.process(pb.Gain(), audio, RATE).shape, (3000,))
        self.assertEqual(pb.process(pb.Gain(), NOISE[:1], RATE).shape, (1, 3000))
        self.assertEqual(pb.process(pb.Pan(), NOISE[0], RATE).shape, (2, 3000))

    def test_any_layout_of_the_array(self):
        for view in (NOISE[:, ::3], NOISE[::-1], np.asfortranarray(NOISE), NOISE.astype(">f4")):
            np.testing.assert_array_equal(pb.process(pb.Gain(), view, RATE), view)

    def test_audio_longer_than_a_message(self):
        long = np.random.default_rng(2).uniform(-1, 1, (2, 1_500_000)).astype(np.float32)
        np.testing.assert_array_equal(pb.process(pb.Invert(), long, RATE), -long)

    def test_empty_audio(self):
        self.assertEqual(pb.process(pb.Gain(), np.zeros((2, 0)), RATE).shape, (2, 0))

    def test_the_tail_can_be_left_out(self):
        delay = pb.Delay(delay_seconds=0.01, feedback=0, mix=1)
        whole = pb.process(delay, NOISE, RATE)
        np.testing.assert_allclose(whole[:, 480:3480], NOISE, atol=1e-6)
        cut = pb.process(delay, NOISE, RATE, tail=False)
        np.testing.assert_array_equal(cut, whole[:, :3000])

    def test_generators(self):
        sine = pb.Oscillator(frequency_hz=440, amplitude=0.5, duration_seconds=0.1)
        y = pb.process(sine, sample_rate=RATE)
        self.assertEqual(y.shape, (1, 4800))
        expected = 0.5 * np.sin(2 * np.pi * 440 * np.arange(4800) / RATE)
        np.testing.assert_allclose(y[0], expected, atol=1e-4)
        with pb.connect() as server:
            self.assertEqual(
                server.process(pb.Noise(), sample_rate=RATE, num_frames=70000).shape, (1, 70000)
            )
            if not server.validate(pb.Noise(), RATE).info.HasField("length_frames"):
                with self.assertRaisesRegex(pb.InvalidArgument, "num_frames="):
                    server.process(pb.Noise(), sample_rate=RATE)

    def test_several_inputs(self):
        y = pb.process(pb.Mix(weights=[1, 0.5]), [NOISE, NOISE[:, :1000]], RATE)
        expected = NOISE.copy()
        expected[:, :1000] *= 1.5
        np.testing.assert_allclose(y, expected, atol=1e-6)

    def test_clips_as_arrays_and_by_name(self):
        impulse = np.zeros(32, np.float32)
        impulse[[0, 20]] = 1, 0.5
        y = pb.process(pb.Convolution(impulse=impulse, mix=1), NOISE, RATE)
        expected = np.stack([np.convolve(channel, impulse) for channel in NOISE])
        np.testing.assert_allclose(y[:, :3000], expected[:, :3000], atol=1e-5)
        by_name = pb.process(
            "convolution(impulse=@hall, mix=1)", NOISE, RATE, clips={"hall": impulse}
        )
        np.testing.assert_array_equal(y, by_name)

    def test_run_has_controls_and_a_report(self):
        result = pb.run(pb.EnvelopeFollower(), NOISE, RATE)
        self.assertEqual(list(result.controls), ["envelope_follower.envelope"])
        envelope = result.controls["envelope_follower.envelope"]
        self.assertEqual((envelope.values.dtype, envelope.values.shape), (np.float32, (3000,)))
        self.assertGreater(envelope.values[-1], 0.1)
        np.testing.assert_allclose(envelope.times_seconds, np.arange(3000) / RATE)
        self.assertIn("envelope_follower", result.report.text)
        self.assertEqual(result.report.statistics.frames, 3000)

    def test_progress_goes_from_little_to_all(self):
        seen = []
        audio = np.zeros((2, 1_000_000), np.float32)
        pb.run(pb.Gain(), audio, RATE, progress=lambda *step: seen.append(step))
        self.assertGreater(len(seen), 2)
        self.assertEqual(seen, sorted(seen, key=lambda step: step[0]))
        self.assertEqual(seen[-2:], [(1.0, "processing"), (1.0, "done")])


class ErrorsTest(unittest.TestCase):
    def test_a_value_out_of_range_is_told_in_words_and_in_parts(self):
        with self.assertRaisesRegex(pb.InvalidArgument, "gain_db.*1000.*-120 to 60") as context:
            pb.process(pb.Gain(gain_db=1000), NOISE, RATE)
        self.assertEqual(context.exception.path, "gain.gain_db")
        self.assertIn("1000", context.exception.value)
        self.assertIn("60", context.exception.allowed)
        self.assertIsInstance(context.exception, ValueError)

    def test_unknown_names_are_answered_with_the_nearest(self):
        with self.assertRaisesRegex(pb.InvalidArgument, "'gain'"):
            pb.process("gian(-3dB)", NOISE, RATE)

    def test_samples_that_are_not_finite(self):
        audio = NOISE.copy()
        audio[1, 1234] = np.nan
        with self.assertRaisesRegex(pb.InvalidArgument, "1234"):
            pb.process(pb.Gain(), audio, RATE)

    def test_sample_rates(self):
        with self.assertRaisesRegex(TypeError, "sample_rate is missing"):
            pb.process(pb.Gain(), NOISE)
        with self.assertRaisesRegex(ValueError, "whole number"):
            pb.process(pb.Gain(), NOISE, 44100.5)
        for rate in (0, -1, 800_000, 2**31, 2**40):
            with self.assertRaisesRegex(ValueError, "768000"):
                pb.process(pb.Gain(), NOISE, rate)

    def test_no_server_at_the_address(self):
        with pb.connect("unix:/nonexistent/socket") as server:
            with self.assertRaises(pb.Unavailable):
                server.process(pb.Gain(), NOISE, RATE)
            with self.assertRaises(pb.Unavailable):
                server.processors()

    def test_a_time_limit(self):
        with self.assertRaisesRegex(pb.DeadlineExceeded, "the timeout ran out"):
            pb.process(pb.Noise(), sample_rate=RATE, num_frames=2 * 10**8, timeout=0.2)

    def test_long_curves_clips_and_checkpoints(self):
        x = np.full((2, 1000), 0.25, np.float32)
        curve = np.zeros(2_000_000, np.float32)
        np.testing.assert_array_equal(pb.process(pb.Gain(gain_db=curve), x, RATE), x)
        impulse = np.zeros((2, 1_000_000), np.float32)
        impulse[:, 0] = 1
        y = pb.process(pb.Convolution(impulse=impulse), x, RATE, tail=False)
        np.testing.assert_allclose(y, x, atol=1e-6)
        with pb.connect() as server:
            with server.open(pb.Delay(max_delay_seconds=30), RATE, channels=2) as stream:
                saved = server.checkpoint_session(stream.session)
            self.assertGreater(len(saved), 8_000_000)
            server.open(checkpoint=saved).close()

    def test_a_server_that_takes_less_says_what_to_do(self):
        serve = [embedded.executable(), "serve", "--address=127.0.0.1:0", "--exit_with_stdin"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        # A proxy of the environment, which is not there, is not asked.
        proxy = mock.patch.dict(os.environ, {"http_proxy": "http://127.0.0.1:9", "no_proxy": ""})
        with subprocess.Popen(serve, **pipes) as process, proxy:
            address = process.stdout.readline().decode().split()[-1]
            with pb.connect(address) as server:
                curve = pb.Gain(gain_db=np.zeros(2_000_000, np.float32))
                with self.assertRaisesRegex(pb.ResourceExhausted, "--max_message_bytes"):
                    server.process(curve, np.zeros((1, 10), np.float32), RATE)
            process.stdin.close()


class ValidateTest(unittest.TestCase):
    def test_says_what_a_description_would_do(self):
        with pb.connect() as server:
            answer = server.validate(pb.Gain(gain_db=-3) | pb.Invert(), RATE, channels=2)
            self.assertEqual(answer.text, "gain(gain_db=-3) | invert()")
            self.assertEqual(answer.info.outputs[0].num_channels, 2)
            with self.assertRaises(pb.InvalidArgument):
                server.validate("gain(", RATE, channels=2)


if __name__ == "__main__":
    unittest.main()
