"""Graphs, control signals and whole clips, through a server."""

import os
import signal
import subprocess
import threading
import unittest

import numpy as np

import patchbay as pb

RATE = 48000
RANDOM = np.random.default_rng(1)
NOISE = RANDOM.uniform(-0.5, 0.5, (2, 4800)).astype(np.float32)
OTHER = RANDOM.uniform(-0.5, 0.5, (2, 4800)).astype(np.float32)


class ServerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(pb.connect())

    def run_one(self, description, audio=NOISE, **options):
        return self.server.process(description, audio, RATE, **options)


def recording(path, channels):
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-f", "f32le"]
    command += ["-ac", str(channels), "-ar", str(RATE), "-"]
    decoded = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(decoded, np.float32).reshape(-1, channels).T.copy()


def level_db(audio):
    return 10 * np.log10(np.mean(np.square(audio, dtype=float)))


class DuckingTest(ServerTest):
    def test_music_makes_way_for_speech(self):
        word = recording("/usr/share/sounds/alsa/Front_Center.wav", 1)
        pause = np.zeros((1, RATE), np.float32)
        speech = np.hstack([pause, word, pause, word, pause])
        music = recording("/usr/share/sonic-pi/samples/loop_garzul.flac", 2)
        music = np.tile(music, 2)[:, : speech.shape[1]]
        level = pb.EnvelopeFollower(pb.input("speech"), attack_seconds=0.005, release_seconds=0.2)
        duck = pb.Map(input=level, in_minimum=0.01, in_maximum=0.05)
        ducked = pb.input("music") | pb.Gain(gain_db=-18 * duck)
        out = self.server.process(ducked, {"music": music, "speech": speech}, RATE)

        spoken = RATE + int(np.argmax(np.abs(word[0])))
        for start in (spoken, spoken + word.shape[1] + RATE):
            heard = slice(start, start + RATE // 10)
            self.assertLess(level_db(out[:, heard]), level_db(music[:, heard]) - 12)
        for end in (RATE, speech.shape[1]):  # of pauses: before the first word, after the last
            quiet = slice(end - RATE // 4, end)
            self.assertAlmostEqual(level_db(out[:, quiet]), level_db(music[:, quiet]), delta=0.5)


class GraphTest(ServerTest):
    def test_arithmetic_of_audio(self):
        a, b = pb.input(0), pb.input(1)
        for expression, expected in [
            (a + b, NOISE + OTHER),
            (a - b, NOISE - OTHER),
            (0.5 * a + b / 4, 0.5 * NOISE + OTHER / 4),
            (-a + b, OTHER - NOISE),
        ]:
            y = self.run_one(expression, [NOISE, OTHER])
            np.testing.assert_allclose(y, expected, atol=1e-6)

    def test_inputs_by_name(self):
        audio = {"voice": NOISE, "music": OTHER}
        y = self.run_one(pb.input("music") - pb.input("voice"), audio)
        np.testing.assert_allclose(y, OTHER - NOISE, atol=1e-6)
        np.testing.assert_array_equal(self.run_one("music - voice", audio), y)
        with self.server.open("music - voice", RATE, {"voice": 2, "music": 2}) as stream:
            np.testing.assert_array_equal(stream.process(audio), y)

    def test_text_and_classes_together(self):
        by_class = pb.Highpass(cutoff_hz=90) | pb.Gain(gain_db=-3)
        y = self.run_one(by_class)
        for mixed in (
            "highpass(90Hz)" | pb.Gain(gain_db=-3),
            pb.Highpass(cutoff_hz=90) | "gain(-3dB)",
            pb.text("highpass(90Hz)") | "gain(-3dB)",
        ):
            np.testing.assert_array_equal(self.run_one(mixed), y)
            answer = self.server.validate(mixed, RATE, channels=2)
            self.assertEqual(answer.text, self.server.validate(by_class, RATE, channels=2).text)
        with self.assertRaisesRegex(pb.InvalidArgument, "in 'gian', column 1: unknown processor"):
            self.run_one(pb.Gain() | "gian")
        y = self.run_one(pb.graph("dry - 0.5 * in", dry=pb.Scale(mult=2)))
        np.testing.assert_allclose(y, 1.5 * NOISE, atol=1e-6)

    def test_several_outputs_in_their_order(self):
        one, two = self.run_one([pb.Scale(mult=2), pb.Invert()])
        np.testing.assert_array_equal(one, 2 * NOISE)
        np.testing.assert_array_equal(two, -NOISE)

    def test_lists_and_selections(self):
        pair = pb.List(pb.Scale(mult=2), pb.Invert())
        np.testing.assert_allclose(self.run_one(pair | pb.Mix()), NOISE, atol=1e-6)
        np.testing.assert_array_equal(self.run_one(pair[1]), -NOISE)

    def test_a_shared_node_runs_once(self):
        duck = pb.EnvelopeFollower(pb.input(1))
        ducked = pb.input(0) | pb.Gain(gain_db=-24 * duck)
        answer = self.server.validate([ducked, duck], RATE, channels=[2, 2])
        followers = [n for n in answer.info.nodes if n.processor == "envelope_follower"]
        self.assertEqual(len(followers), 1)
        result = self.server.run([ducked, duck], [NOISE, OTHER], RATE)
        envelope = result.controls["envelope_follower.envelope"].values
        expected = NOISE * 10 ** (-24 * envelope / 20)
        np.testing.assert_allclose(result.clips[0], expected, rtol=1e-4, atol=1e-6)

    def test_circles(self):
        echo = pb.input(0) + 0.5 * pb.ref("echo") | pb.Delay(
            delay_seconds=0.01, feedback=0, mix=1
        )
        impulse = np.eye(1, 1500, dtype=np.float32)
        y = self.run_one(pb.graph(pb.ref("echo"), echo=echo), impulse)
        np.testing.assert_allclose(y[0, [480, 960, 1440]], [1, 0.5, 0.25])

    def test_circles_without_a_delay_are_refused(self):
        loop = pb.graph(
            pb.ref("loop"), loop=pb.input(0) + 0.5 * pb.ref("loop") | pb.Scale(mult=1)
        )
        with self.assertRaisesRegex(pb.InvalidArgument, "loop|circle|delay"):
            self.run_one(loop)

    def test_named_nodes_are_set_by_name(self):
        with self.server.open(
            pb.Scale(name="first") | pb.Scale(name="second"), RATE, channels=2
        ) as stream:
            self.assertEqual(
                {c.node for c in stream.info.controls if c.parameter == "mult"},
                {"first", "second"},
            )

    def test_drawings_of_the_text_form(self):
        drawing = pb.show("in[0] | gain(-6dB * envelope_follower(in[1]))", channels=[1, 1])
        self.assertIn("gain  <-  in[0], gain_db:", repr(drawing))
        self.assertIn("invert  <-  ", repr(pb.show(self.server.validate("invert", RATE, 1))))


class ControlsTest(ServerTest):
    def test_an_array_has_a_value_for_every_frame(self):
        mult = np.linspace(0, 1, 4800)
        y = self.run_one(pb.Scale(mult=mult))
        np.testing.assert_allclose(y, NOISE * mult, atol=1e-6)
        y = self.run_one(mult * pb.input(0))
        np.testing.assert_allclose(y, NOISE * mult, atol=1e-6)

    def test_curves(self):
        curve = pb.Curve([(0, 0), (0.05, 1), (pb.frame(3600), 2, "step")])
        frames = np.arange(4800)
        expected = np.where(frames < 3600, np.minimum(frames / 2400, 1), 2)
        y = self.run_one(pb.Scale(mult=curve))
        np.testing.assert_allclose(y, NOISE * expected, atol=1e-5)

    def test_samples_at_a_rate(self):
        y = self.run_one(pb.Scale(mult=pb.Samples([0, 1, 3], rate_hz=100, curve="step")))
        np.testing.assert_allclose(y, NOISE * np.repeat([0, 1, 3], [480, 480, 3840]), atol=1e-6)

    def test_balance(self):
        for balance in (0, 0.5, pb.Curve([(0, 0.5)])):
            y = self.run_one(pb.Invert(balance=balance))
            expected = NOISE if balance == 0 else 0 * NOISE
            np.testing.assert_allclose(y, expected, atol=1e-6)

    def test_control_outputs_alone(self):
        result = self.server.run(pb.Lfo(rate_hz=10), sample_rate=RATE, num_frames=4800)
        (lfo,) = result.controls.values()
        self.assertEqual((len(lfo), result.clips), (4800, []))
        self.assertAlmostEqual(lfo.times_seconds[-1], 4799 / RATE)
        self.assertEqual(len(result.plot().axes), 1)

    def test_what_cannot_move_says_so(self):
        with self.assertRaisesRegex(pb.InvalidArgument, "fixed"):
            self.run_one(pb.Compressor(link=pb.Lfo()))


class WholeClipTest(ServerTest):
    def test_reverse(self):
        np.testing.assert_array_equal(self.run_one(pb.Reverse()), NOISE[:, ::-1])

    def test_as_many_outputs_as_come_out(self):
        clip = np.zeros((1, 3 * RATE), np.float32)
        clip[:, :RATE] = clip[:, 2 * RATE :] = 0.5
        pieces = self.run_one(pb.Chop(), clip)
        self.assertEqual(len(pieces), 2)
        self.assertEqual(self.run_one(pb.Chop() | pb.Catenate(), clip).shape[0], 1)

    def test_generators(self):
        tone = pb.Oscillator(frequency_hz=440, duration_seconds=0.1)
        forward = self.run_one(tone, None)
        np.testing.assert_array_equal(self.run_one(tone | pb.Reverse(), None), forward[:, ::-1])
        with self.assertRaisesRegex(pb.InvalidArgument, "num_frames="):
            self.run_one(pb.Noise() | pb.Reverse(), None)
        self.assertEqual(
            self.run_one(pb.Noise() | pb.Reverse(), None, num_frames=100).shape, (1, 100)
        )

    def test_controls_of_a_multiplexed_processor_are_numbered(self):
        both = pb.List(pb.Gain(), pb.Invert())
        result = self.server.run(both | pb.EnvelopeFollower(), NOISE, RATE)
        self.assertEqual(
            list(result.controls),
            ["envelope_follower.envelope[0]", "envelope_follower.envelope[1]"],
        )

    def test_another_sample_rate(self):
        result = self.server.run(pb.Resample(sample_rate_hz=16000), NOISE, RATE)
        self.assertEqual(result.sample_rates, [16000])
        self.assertAlmostEqual(result.clips[0].shape[1], 1600, delta=1)

    def test_controls_of_another_sample_rate_have_their_own_times(self):
        follower = pb.Resample(sample_rate_hz=16000) | pb.EnvelopeFollower()
        result = self.server.run(follower, NOISE, RATE)
        (envelope,) = result.controls.values()
        self.assertEqual(envelope.sample_rate, 16000)
        np.testing.assert_allclose(envelope.times_seconds, np.arange(len(envelope)) / 16000)
        self.assertAlmostEqual(envelope.times_seconds[-1], NOISE.shape[1] / RATE, delta=0.001)

    def test_a_control_moves_what_follows_a_change_of_rate(self):
        duck = pb.EnvelopeFollower(pb.input(0))
        chain = pb.Resample(sample_rate_hz=RATE // 2) | pb.Gain(gain_db=-20 * duck)
        plain = self.run_one(pb.Resample(sample_rate_hz=RATE // 2), NOISE)
        result = self.server.run(chain, NOISE, RATE)
        envelope = self.server.run(pb.EnvelopeFollower(), NOISE, RATE).controls
        values = next(iter(envelope.values())).values[::2]
        np.testing.assert_allclose(
            result.clips[0], plain * 10 ** (-20 * values / 20), atol=1e-5
        )

    def test_streams_answer_when_they_are_flushed(self):
        with self.server.open(pb.Reverse(), RATE, channels=2) as stream:
            for _ in range(2):
                stream.process(NOISE[:, :1000])
                stream.process(NOISE[:, 1000:])
                np.testing.assert_array_equal(stream.flush(), NOISE[:, ::-1])

    def test_progress(self):
        seen = []
        audio = np.zeros((2, 3_000_000), np.float32)
        self.run_one(pb.Chop(), audio, progress=lambda *step: seen.append(step))
        self.assertEqual(seen[0][1], "sending")
        self.assertEqual(seen[-1], (1.0, "done"))
        self.assertTrue(all(0 <= fraction <= 1 for fraction, _ in seen))


class CancellationTest(ServerTest):
    def test_ctrl_c(self):
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        with self.assertRaises(KeyboardInterrupt):
            self.server.process(pb.Noise(), sample_rate=RATE, num_frames=2 * 10**8)
        np.testing.assert_array_equal(self.run_one(pb.Invert()), -NOISE)

    def test_a_time_limit(self):
        with self.assertRaises(pb.DeadlineExceeded):
            self.server.process(pb.Noise(), sample_rate=RATE, num_frames=2 * 10**8, timeout=0.2)


if __name__ == "__main__":
    unittest.main()
