"""patchbay process with graphs: names, several outputs, whole clips, other sample rates."""

import csv
import os
import pty
import signal
import subprocess
import unittest

import numpy as np

from clients.cli.cli_test_case import PROGRAM, CliTestCase, read_wav, wav_bytes

RANDOM = np.random.default_rng(2)
A = RANDOM.uniform(-0.5, 0.5, (1, 4800)).astype(np.float32)
B = RANDOM.uniform(-0.5, 0.5, (1, 4800)).astype(np.float32)


class GraphTest(CliTestCase):
    def setUp(self):
        super().setUp()
        self.write("a.wav", wav_bytes(A))
        self.write("b.wav", wav_bytes(B))

    def process(self, *arguments, **options):
        return self.patchbay("process", *arguments, **options)

    def read(self, name):
        return read_wav(self.path(name))[0]

    def test_inputs_have_names(self):
        self.process("x=a.wav", "y=b.wav", "-o", "out.wav", "x - y")
        np.testing.assert_allclose(self.read("out.wav"), A - B, atol=1e-7)
        self.process("a.wav", "y=b.wav", "-o", "out.wav", "y - in[0]")
        np.testing.assert_allclose(self.read("out.wav"), B - A, atol=1e-7)

    def test_the_expression_may_come_from_a_file(self):
        self.write("x.patchbay", b"# Twice as much\ntwice = in[0] + in[0]\ntwice\n")
        self.process("a.wav", "-o", "out.wav", "-f", "x.patchbay")
        np.testing.assert_array_equal(self.read("out.wav"), 2 * A)

    def test_outputs_go_to_files_in_order(self):
        out, _ = self.process("a.wav", "-o", "same.wav", "-o", "negative.wav", "[gain(), invert()]")
        self.assertIn("\n2 files, ", out)
        np.testing.assert_array_equal(self.read("same.wav"), A)
        np.testing.assert_array_equal(self.read("negative.wav"), -A)

    def test_pieces_are_numbered_with_enough_digits(self):
        out, _ = self.process("a.wav", "-o", "p.wav", "chop(mode=length, length_seconds=10ms) | invert")
        names = ["p_%02d.wav" % number for number in range(1, 11)]
        self.assertEqual([name for name in self.files() if name.startswith("p")], names)
        self.assertIn("\n10 files, ", out)
        np.testing.assert_array_equal(np.hstack([self.read(name) for name in names]), -A)

    def test_many_pieces_are_many_files(self):
        self.process("-q", "-o", "c.wav", "--seconds", "0.15", "noise()")
        self.process("-q", "c.wav", "-o", "p{}.wav", "chop(mode=length, length_seconds=0.1ms)")
        self.assertEqual(len(self.files()), 3 + 1500)

    def test_a_wrong_number_of_files(self):
        pieces = "chop(mode=length, length_seconds=50ms)"
        _, err = self.process("a.wav", *(["-o", "x.wav", "-o", "y.wav", "-o", "z.wav"]), pieces, exit_code=2)
        self.assertOneMessage(err, "puts out 2 clips and -o is given 3 times")
        _, err = self.process("a.wav", "-o", "nowhere/x.wav", pieces, exit_code=1)
        self.assertOneMessage(err, "nowhere/x", "No such file or directory")
        self.assertEqual(self.files(), ["a.wav", "b.wav"])

    def test_outputs_keep_their_sample_rate(self):
        self.process("a.wav", "-o", "full.wav", "-o", "half.wav", "gain(); resample(24000Hz)")
        for name, rate in [("full.wav", 48000), ("half.wav", 24000)]:
            samples, is_rate = read_wav(self.path(name))
            self.assertEqual((is_rate, samples.shape[1]), (rate, rate // 10))

    def test_generators_that_are_resampled_or_reversed(self):
        self.process("-o", "out.wav", "--seconds", "0.1", "oscillator(440Hz) | resample(24000Hz)")
        samples, rate = read_wav(self.path("out.wav"))
        self.assertEqual((rate, samples.shape[1]), (24000, 2400))
        finite = "oscillator(duration_seconds=0.1) | resample(24000Hz) | level"
        self.assertIn(": 2400 values", self.process(finite)[0])
        _, err = self.process("-o", "out.wav", "noise | resample(24000Hz)", exit_code=1)
        self.assertOneMessage(err, "never ends", "--seconds")
        self.process("-o", "a.wav", "--seconds", "0.1", "oscillator(440Hz)")
        self.process("-o", "b.wav", "--seconds", "0.1", "oscillator(440Hz) | reverse")
        np.testing.assert_array_equal(self.read("b.wav"), self.read("a.wav")[:, ::-1])

    def test_controls_are_columns(self):
        self.process("a.wav", "b.wav", "--controls", "c.csv", "x = level(in[0]); y = level(in[1]); x; y")
        with open(self.path("c.csv")) as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 4800)
        names = [name for name in rows[0] if name != "time_seconds"]
        self.assertTrue(any(name.startswith("x.") for name in names))
        self.assertTrue(any(name.startswith("y.") for name in names))
        self.assertTrue(all(row[name] for row in rows for name in names))

    def test_controls_of_another_sample_rate_have_their_own_times(self):
        both = "x = envelope_follower(in); y = envelope_follower(resample(in, sample_rate_hz=32000)); x; y"
        self.process("a.wav", "--controls", "c.csv", both)
        with open(self.path("c.csv")) as file:
            rows = list(csv.DictReader(file))
        times = {name: [float(row["time_seconds"]) for row in rows if row[name]] for name in rows[0]}
        np.testing.assert_allclose(times["x.envelope"], np.arange(4800) / 48000, atol=1e-9)
        np.testing.assert_allclose(times["y.envelope"], np.arange(3200) / 32000, atol=1e-9)
        np.testing.assert_array_equal(np.sort(times["time_seconds"]), times["time_seconds"])

    def test_controls_of_pieces_are_columns(self):
        pieces = "chop(mode=length, length_seconds=60ms) | envelope_follower"
        self.process("a.wav", "--controls", "c.csv", pieces)
        with open(self.path("c.csv")) as file:
            rows = list(csv.reader(file))
        name = "envelope_follower.envelope"
        self.assertEqual(rows[0], ["time_seconds", name + "[0]", name + "[1]"])
        self.assertEqual(len(rows), 1 + 2880)
        self.assertTrue(all(row[2] for row in rows[1:1921]))

    def test_warnings_go_to_standard_error(self):
        _, err = self.process("a.wav", "-o", "out.wav", "unused = invert; gain()")
        self.assertOneMessage(err, "warning: 'unused' is defined, but nothing uses it")
        _, err = self.patchbay("validate", "unused = invert; gain()")
        self.assertOneMessage(err, "warning: 'unused'")

    def test_validate_tells_of_nodes_and_pending_outputs(self):
        out, _ = self.patchbay("validate", "--input_names", "x,y", "x - y | lowpass(1kHz)")
        self.assertIn("\nnode lowpass, ", out)
        out, _ = self.patchbay("validate", "chop | reverse")
        self.assertIn("\nnode reverse\n", out)
        self.assertIn("outputs: known once the input has ended", out)

    def test_whole_clips_show_their_progress_and_can_be_interrupted(self):
        self.process("-q", "-o", "long.wav", "--seconds", "120", "noise()")
        command = [PROGRAM, "process", "long.wav", "-o", "out.wav", "time_stretch(0.5) | reverse | sort"]
        terminal, end = pty.openpty()
        with subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=end) as process:
            os.close(end)
            self.assertIn(b"%", os.read(terminal, 4096))
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(30), -signal.SIGINT)
        os.close(terminal)
        self.assertEqual(self.files(), ["a.wav", "b.wav", "long.wav"])


if __name__ == "__main__":
    unittest.main()
