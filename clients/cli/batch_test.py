"""patchbay process into folders: each file on its own."""

import json
import os
import pty
import signal
import subprocess
import unittest

import numpy as np

from clients.cli.cli_test_case import PROGRAM, CliTestCase, read_wav, wav_bytes

RANDOM = np.random.default_rng(1)
A = RANDOM.uniform(-0.5, 0.5, (2, 5000)).astype(np.float32)
B = RANDOM.uniform(-0.5, 0.5, (1, 3000)).astype(np.float32)


class BatchTest(CliTestCase):
    def setUp(self):
        super().setUp()
        self.write("a.wav", wav_bytes(A))
        self.write("b.wav", wav_bytes(B, 44100))

    def process(self, *arguments, **options):
        return self.patchbay("process", *arguments, **options)

    def bytes_of(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def test_each_file_as_if_it_were_alone(self):
        out, err = self.process("a.wav", "b.wav", "-o", "new/out/", "reverb()")
        self.assertEqual(err, "")
        lines = out.splitlines()
        self.assertTrue(lines[0].startswith("new/out/a.wav: wav float, 48000 Hz, 2 channels"))
        self.assertTrue(lines[1].startswith("new/out/b.wav: wav float, 44100 Hz, 1 channel"))
        self.assertRegex(lines[2], r"^2 files, .* times real time$")
        for name in ("a.wav", "b.wav"):
            self.process(name, "-o", "alone.wav", "reverb()")
            self.assertEqual(self.bytes_of("new/out/" + name), self.bytes_of("alone.wav"))

    def test_a_folder_that_is_there_needs_no_slash(self):
        os.mkdir(self.path("out"))
        self.process("a.wav", "-o", "out", "invert()")
        np.testing.assert_array_equal(read_wav(self.path("out/a.wav"))[0], -A)

    def test_a_format_has_its_suffix(self):
        self.process("a.wav", "b.wav", "-o", "out/", "--format", "flac", "gain()")
        self.process("a.wav", "-o", "out/", "--format", "mpeg", "gain()")
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["a.flac", "a.mp3", "b.flac"])

    def test_several_outputs_of_each_are_numbered(self):
        self.process("a.wav", "-o", "out/", "[gain(), invert()]")
        np.testing.assert_array_equal(read_wav(self.path("out/a_2.wav"))[0], -A)

    def test_numbered_outputs_replace_no_others(self):
        halves = np.zeros((1, 72000), np.float32)
        halves[:, :1000] = halves[:, 48000:49000] = 0.5
        self.write("a.wav", wav_bytes(halves))
        self.write("a_1.wav", wav_bytes(B[:, :1000] + 1))
        names = ("a.wav", "a_1.wav")
        _, err = self.process(*names, "-o", "out/", "-j", "1", "chop()", exit_code=1)
        self.assertIn("patchbay: a_1.wav: another input's output is out/a_1.wav too", err)
        self.assertIn("1 of 2 files failed", err)
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["a_1.wav", "a_2.wav"])
        np.testing.assert_array_equal(read_wav(self.path("out/a_1.wav"))[0], halves[:, :1000])

    def test_controls(self):
        out, _ = self.process("a.wav", "b.wav", "--controls", "levels/", "envelope_follower()")
        self.assertIn("b.wav: envelope_follower.envelope: 3000 values", out)
        self.assertEqual(sorted(os.listdir(self.path("levels"))), ["a.csv", "b.csv"])
        self.assertEqual(self.bytes_of("levels/b.csv").count(b"\n"), 3001)

    def test_the_number_at_a_time_changes_nothing(self):
        names = ["%d.wav" % i for i in range(9)]
        for i, name in enumerate(names):
            self.write(name, wav_bytes(A[:, i * 500 :]))
        told = set()
        for jobs in ("1", "4", "100"):
            out, _ = self.process(*names, "-o", "out/", "-j", jobs, "invert()")
            told.add(tuple(out.splitlines()[:-1]))
            for i, name in enumerate(names):
                np.testing.assert_array_equal(
                    read_wav(self.path("out/" + name))[0], -A[:, i * 500 :]
                )
        self.assertEqual(len(told), 1)

    def test_what_fails_does_not_keep_the_others_from_being_done(self):
        self.write("text.wav", b"no audio")
        broken = A.copy()
        broken[0, 1234] = np.nan
        self.write("nan.wav", wav_bytes(broken))
        names = ["text.wav", "a.wav", "nan.wav", "missing.wav", "b.wav"]
        out, err = self.process(*names, "-o", "out/", "gain()", exit_code=1)
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["a.wav", "b.wav"])
        lines = err.splitlines()
        self.assertEqual(len(lines), 4, err)
        self.assertTrue(lines[0].startswith("patchbay: text.wav is not audio"), err)
        self.assertRegex(lines[1], "^patchbay: nan.wav: .*1234")
        self.assertTrue(lines[2].startswith("patchbay: missing.wav: "), err)
        self.assertEqual(lines[3], "patchbay: 3 of 5 files failed")
        self.assertIn("2 files, ", out)
        done, _ = self.process(*names, "-o", "out/", "--json", "gain()", exit_code=1)
        done = json.loads(done)
        self.assertEqual(done["num_failed"], 3)
        self.assertEqual(["error" in one for one in done["files"]], [True, False, True, True, False])
        self.assertEqual(done["files"][1]["outputs"][0]["path"], "out/a.wav")

    def test_a_wrong_expression_is_told_once(self):
        _, err = self.process("a.wav", "b.wav", "-o", "out/", "gian()", exit_code=1)
        self.assertOneMessage(err, "column 1: unknown processor 'gian'")
        _, err = self.process("a.wav", "b.wav", "-o", "out/", "loudness()", exit_code=2)
        self.assertOneMessage(err, "puts out no audio")

    def test_a_warning_on_the_expression_is_told_once(self):
        _, err = self.process("a.wav", "b.wav", "-o", "out/", "x = gain(); in | invert()")
        self.assertOneMessage(err, "warning: 'x' is defined, but nothing uses it")

    def test_wrong_command_lines(self):
        os.mkdir(self.path("other"))
        self.write("other/a.wav", wav_bytes(A))
        for arguments, message in [
            (["-o", "out/", "noise()"], "names from input files"),
            (["a.wav", "other/a.wav", "-o", "out/", "gain()"], "two inputs would become out/a.wav"),
            (["a.wav", "a.flac", "-o", "out/", "--controls", "c/", "level()"], "would become c/a.csv"),
            (["x=a.wav", "-o", "out/", "gain()"], "leave NAME= away"),
            (["a.wav", "-o", "out/", "--format", "mp3", "gain()"], "unknown format 'mp3'"),
            (["a.wav", "-o", "out/", "--controls", "c.csv", "level()"], "--controls has to be one"),
            (["a.wav", "-o", "o.wav", "--controls", "c/", "level()"], "-o has to be one"),
        ]:
            _, err = self.process(*arguments, exit_code=2)
            self.assertOneMessage(err, message)
            self.assertFalse(os.path.exists(self.path("out")))
        self.write("file", b"")
        _, err = self.process("a.wav", "-o", "file/", "gain()", exit_code=1)
        self.assertOneMessage(err, "file")

    def test_progress_counts_files_on_a_terminal(self):
        terminal, end = pty.openpty()
        command = [PROGRAM, "process", "a.wav", "b.wav", "-o", "out/", "gain()"]
        done = subprocess.run(
            command, cwd=self.folder, stdout=subprocess.PIPE, stderr=end, check=True, text=True
        )
        shown = os.read(terminal, 4096).decode()
        os.close(terminal)
        os.close(end)
        self.assertRegex(shown, r"\[#+-*\] +\d+ %  1 of 2 files")
        self.assertTrue(shown.endswith("\r\x1b[K"), repr(shown))
        self.assertEqual(self.process("a.wav", "-o", "out/", "-q", "gain()"), ("", ""))

    def test_ctrl_c_leaves_whole_files_only(self):
        silence = np.zeros((1, 4_000_000), np.int16)
        names = ["%d.wav" % i for i in range(40)]
        self.write("0.wav", wav_bytes(silence))
        for name in names[1:]:
            os.link(self.path("0.wav"), self.path(name))
        command = [PROGRAM, "process", *names, "-o", "out/", "-j", "1", "reverb()"]
        with subprocess.Popen(
            command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as running:
            while not os.path.exists(self.path("out/0.wav")):
                self.assertIsNone(running.poll())
            running.send_signal(signal.SIGINT)
            self.assertEqual(running.wait(60), -signal.SIGINT)
        done = sorted(os.listdir(self.path("out")))
        self.assertLess(len(done), len(names))
        for name in done:
            self.assertIn(name, names)
            self.assertGreaterEqual(read_wav(self.path("out/" + name))[0].shape[1], 4_000_000)


if __name__ == "__main__":
    unittest.main()
