"""patchbay process: formats, inputs and outputs, clips, controls, servers."""

import csv
import os
import pty
import signal
import subprocess
import unittest

import numpy as np

from clients.cli.cli_test_case import PROGRAM, CliTestCase, read_wav, wav_bytes

RANDOM = np.random.default_rng(1)
FLOATS = RANDOM.uniform(-1, 1, (2, 5000)).astype(np.float32)
INTEGERS = RANDOM.integers(-32768, 32768, (2, 5000), np.int16)


class ProcessTest(CliTestCase):
    def setUp(self):
        super().setUp()
        self.write("float.wav", wav_bytes(FLOATS))
        self.write("int.wav", wav_bytes(INTEGERS))

    def process(self, *arguments, **options):
        return self.patchbay("process", *arguments, **options)

    def test_floats_come_out_bit_exact(self):
        out, _ = self.process("float.wav", "-o", "out.wav", "gain(0dB)")
        samples, rate = read_wav(self.path("out.wav"))
        self.assertEqual(rate, 48000)
        np.testing.assert_array_equal(samples, FLOATS)
        self.assertIn("times real time", out)
        self.assertIn("wav float", out)

    def test_integers_come_out_bit_exact_also_with_dither(self):
        self.process("int.wav", "-o", "out.wav", "gain(0dB)")
        np.testing.assert_array_equal(read_wav(self.path("out.wav"))[0], INTEGERS)

    def test_lossless_formats_keep_integers(self):
        for name in ["a.flac", "a.aiff", "a.caf", "a.w64", "a.rf64", "a.au"]:
            with self.subTest(name):
                self.process("int.wav", "-o", name, "gain(0dB)")
                self.assertEqual(self.json("info", name)[0]["subtype"], "pcm_16")
                self.process(name, "-o", "back.wav", "gain(0dB)")
                np.testing.assert_array_equal(read_wav(self.path("back.wav"))[0], INTEGERS)

    def test_lossy_formats_keep_length_and_level(self):
        t = np.arange(48000) / 48000
        self.write("tone.wav", wav_bytes((0.5 * np.sin(2 * np.pi * 440 * t)).astype(np.float32)))
        for name in ["a.ogg", "a.opus", "a.mp3"]:
            with self.subTest(name):
                self.process("tone.wav", "-o", name, "gain(0dB)")
                info = self.json("info", "--levels", name)[0]
                self.assertAlmostEqual(info["num_frames"], 48000, delta=2000)
                self.assertAlmostEqual(info["rms_db"], -9.03, delta=0.5)

    def test_format_and_subtype_take_names_in_any_case(self):
        self.process("float.wav", "-o", "out.bin", "--format", "WAV", "--subtype", "PCM_24", "gain(0dB)")
        samples, _ = read_wav(self.path("out.bin"))
        np.testing.assert_allclose(samples / 2**23, FLOATS, atol=2**-24 + 1e-9)

    def test_dither_is_there_the_same_every_time_and_can_be_left_out(self):
        for name, options in [("a", []), ("b", []), ("c", ["--no_dither"])]:
            self.process("float.wav", "-o", name + ".wav", "--subtype", "pcm_16", *options, "gain(-6dB)")
        a, b, c = (read_wav(self.path(name + ".wav"))[0].astype(int) for name in "abc")
        np.testing.assert_array_equal(a, b)
        self.assertTrue(np.any(a != c))
        gained = FLOATS * np.float32(10 ** (-6 / 20)) * 32768.0
        self.assertLessEqual(np.max(np.abs(a - gained)), 1.51)
        self.assertLessEqual(np.max(np.abs(c - gained)), 0.51)

    def test_clipping_is_counted(self):
        _, err = self.process("float.wav", "-o", "out.wav", "--subtype", "pcm_16", "gain(6dB)")
        count = int(np.sum(np.abs(FLOATS * np.float32(10 ** (6 / 20))) > 1))
        self.assertOneMessage(err, "warning: out.wav: %d samples clipped" % count)
        samples, _ = read_wav(self.path("out.wav"))
        self.assertEqual((samples.min(), samples.max()), (-32768, 32767))

    def test_chunk_length_does_not_matter(self):
        results = set()
        for chunk in ["1", "100", "4096", "100000"]:
            self.process("float.wav", "-o", "out.wav", "--chunk_frames", chunk, "reverb()")
            with open(self.path("out.wav"), "rb") as file:
                results.add(file.read())
        self.assertEqual(len(results), 1)

    def test_tail_is_kept_unless_excluded(self):
        self.process("float.wav", "-o", "all.wav", "delay(0.1s, feedback=0)")
        self.process("float.wav", "-o", "cut.wav", "--exclude_tail", "delay(0.1s, feedback=0)")
        whole, cut = read_wav(self.path("all.wav"))[0], read_wav(self.path("cut.wav"))[0]
        self.assertEqual(cut.shape[1], 5000)
        self.assertGreaterEqual(whole.shape[1], 5000 + 4800)
        np.testing.assert_array_equal(whole[:, :5000], cut)

    def test_two_inputs_are_mixed_and_the_shorter_one_is_filled_up(self):
        self.write("short.wav", wav_bytes(FLOATS[:, :1000]))
        self.process("float.wav", "short.wav", "-o", "out.wav", "mix(weights=[1, 0.5])")
        expected = FLOATS.copy()
        expected[:, :1000] += np.float32(0.5) * FLOATS[:, :1000]
        np.testing.assert_allclose(read_wav(self.path("out.wav"))[0], expected, atol=1e-6)

    def test_several_outputs_are_numbered(self):
        self.process("float.wav", "int.wav", "-o", "out.wav", "gain(0dB)")
        np.testing.assert_array_equal(read_wav(self.path("out_1.wav"))[0], FLOATS)
        self.process("float.wav", "int.wav", "-o", "take{}x.wav", "gain(0dB)")
        self.assertEqual(
            [name for name in self.files() if name.startswith(("out", "take"))],
            ["out_1.wav", "out_2.wav", "take1x.wav", "take2x.wav"],
        )

    def test_clips_are_read_from_files(self):
        impulse = np.zeros(100, np.float32)
        impulse[50] = 1
        self.write("ir.wav", wav_bytes(impulse))
        expression = "convolution(impulse=@ir, normalize=false)"
        self.process("float.wav", "-o", "out.wav", "--clip", "ir=ir.wav", expression)
        out = read_wav(self.path("out.wav"))[0]
        np.testing.assert_allclose(out[:, 50:5050], FLOATS, atol=1e-5)

    def test_generators_need_no_input(self):
        self.process("-o", "a.wav", "--sample_rate", "8000", "--seconds", "0.5", "oscillator(440Hz)")
        samples, rate = read_wav(self.path("a.wav"))
        self.assertEqual((rate, samples.shape), (8000, (1, 4000)))
        self.process("-o", "b.wav", "--frames", "123", "noise()")
        self.assertEqual(read_wav(self.path("b.wav"))[0].shape[1], 123)

    def test_controls_go_to_csv(self):
        out, _ = self.process("float.wav", "--controls", "level.csv", "envelope_follower()")
        self.assertIn("envelope_follower.envelope: 5000 values", out)
        with open(self.path("level.csv")) as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 5000)
        self.assertAlmostEqual(float(rows[480]["time_seconds"]), 0.01)
        self.assertTrue(all(0 < float(row["envelope_follower.envelope"]) <= 1 for row in rows))

    def test_controls_at_a_rate(self):
        for rate, frames in [("1000", range(0, 5000, 48)), ("44100", None), ("48000", range(5000)), ("1e6", range(5000))]:
            frames = frames or [round(n * 48000 / 44100) for n in range(5000) if round(n * 48000 / 44100) < 5000]
            follower = "envelope_follower()"
            self.process("float.wav", "--controls", "all.csv", follower)
            self.process("float.wav", "--controls", "some.csv", "--controls_rate", rate, "--chunk_frames", "100", follower)
            with open(self.path("all.csv")) as every, open(self.path("some.csv")) as some:
                header, *rows = every.read().splitlines()
                self.assertEqual(some.read().splitlines(), [header] + [rows[frame] for frame in frames])
        self.process("float.wav", "--controls", "x.csv", "--controls_rate", "0", follower, exit_code=2)

    def test_what_was_done_as_json(self):
        done = self.json("process", "float.wav", "-o", "out.flac", "gain(-20dB)")
        output = done["outputs"][0]
        self.assertEqual((output["format"], output["subtype"], output["num_frames"]), ("flac", "pcm_24", 5000))
        self.assertAlmostEqual(done["inputs"][0]["peak_db"] - output["peak_db"], 20, delta=0.01)
        self.assertEqual(done["report"]["text"], "gain(gain_db=-20)")
        self.assertEqual(done["report"]["statistics"]["frames"], 5000)

    def test_a_server_gives_the_same_file(self):
        expression = "highpass(80Hz) | compressor(-30dB) | reverb()"
        self.process("float.wav", "-o", "embedded.wav", expression)
        address = "unix:" + self.path("private/socket")
        with subprocess.Popen(
            [PROGRAM, "serve", "--address", address, "--exit_with_stdin"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as server:
            server.stdout.readline()
            self.process("float.wav", "-o", "served.wav", "--server", address, expression)
            self.process("-o", "long.wav", "--seconds", "30", "noise()")
            long = ["--clip", "ir=long.wav", "convolution(impulse=@ir)"]
            _, err = self.process("int.wav", "-o", "x.wav", "--server", address, *long, exit_code=1)
            self.assertOneMessage(err, "clips are too long", "--max_message_bytes")
            server.stdin.close()
        with open(self.path("embedded.wav"), "rb") as a, open(self.path("served.wav"), "rb") as b:
            self.assertEqual(a.read(), b.read())

    def test_standard_input_and_output(self):
        self.process("float.wav", "-o", "whole.flac", "reverb()")
        with open(self.path("float.wav"), "rb") as file:
            done = self.pipe(["-", "-o", "-", "--format", "flac", "reverb()"], file.read())
        self.write("piped.flac", done)
        for name in ("whole", "piped"):
            self.process(name + ".flac", "-o", name + ".wav", "gain()")
        with open(self.path("whole.wav"), "rb") as a, open(self.path("piped.wav"), "rb") as b:
            self.assertEqual(a.read(), b.read())
        self.assertEqual(self.pipe(["float.wav", "-o", "-", "gain(0dB)"])[:4], b"RIFF")
        # What cannot be read from a pipe directly.
        self.process("int.wav", "-o", "int.flac", "gain(0dB)")
        with open(self.path("int.flac"), "rb") as file:
            self.write("back.wav", self.pipe(["-", "-o", "-", "--format", "wav", "gain(0dB)"], file.read()))
        np.testing.assert_array_equal(read_wav(self.path("back.wav"))[0], INTEGERS)
        csv = self.pipe(["float.wav", "--controls", "-", "envelope_follower()"]).decode()
        self.assertEqual(len(csv.splitlines()), 5001)
        self.process("float.wav", "-o", "turned.wav", "-f", "-", input="invert()  # from a pipe")
        np.testing.assert_array_equal(read_wav(self.path("turned.wav"))[0], -FLOATS)

    def pipe(self, arguments, content=b""):
        done = subprocess.run(
            [PROGRAM, "process", *arguments], cwd=self.folder, input=content, stdout=subprocess.PIPE, check=True
        )
        return done.stdout

    def test_standard_output_takes_one_thing(self):
        _, err = self.process("float.wav", "-o", "-", "--json", "gain()", exit_code=2)
        self.assertOneMessage(err, "one of them")
        _, err = self.process("float.wav", "-o", "-", "[gain(), invert()]", exit_code=2)
        self.assertOneMessage(err, "2 clips: standard output takes one")

    def test_nobody_hears_of_a_reader_that_has_had_enough(self):
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run([PROGRAM, "list"], stdout=writing, stderr=subprocess.PIPE)
        os.close(writing)
        self.assertEqual((done.returncode, done.stderr), (-signal.SIGPIPE, b""))

    def test_an_input_may_be_overwritten(self):
        self.process("float.wav", "-o", "float.wav", "invert()")
        np.testing.assert_array_equal(read_wav(self.path("float.wav"))[0], -FLOATS)

    def test_an_empty_file_stays_empty(self):
        self.write("empty.wav", wav_bytes(np.zeros((1, 0), np.float32)))
        self.process("empty.wav", "-o", "out.wav", "gain()")
        self.assertEqual(read_wav(self.path("out.wav"))[0].shape[1], 0)

    def test_an_expression_in_brackets_is_one_argument(self):
        self.process("float.wav", "-o", "out.wav", "[gain(), invert()]")
        np.testing.assert_array_equal(read_wav(self.path("out_2.wav"))[0], -FLOATS)

    def test_progress_is_shown_on_a_terminal_only(self):
        command = [PROGRAM, "process", "float.wav", "-o", "out.wav", "gain()"]
        terminal, end = pty.openpty()
        subprocess.run(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=end, check=True)
        shown = os.read(terminal, 4096).decode()
        os.close(terminal)
        os.close(end)
        self.assertRegex(shown, r"\[#+-*\] +\d+ %")
        self.assertTrue(shown.endswith("\r\x1b[K"), repr(shown))
        self.assertEqual(self.process("float.wav", "-o", "out.wav", "gain()")[1], "")

    def test_quiet_prints_nothing(self):
        self.assertEqual(self.process("-q", "float.wav", "-o", "out.wav", "gain()"), ("", ""))


if __name__ == "__main__":
    unittest.main()
