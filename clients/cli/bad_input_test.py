"""patchbay process with what cannot work: one message, the right exit code, no file left behind."""

import os
import resource
import signal
import subprocess
import unittest

import numpy as np

from clients.cli.cli_test_case import PROGRAM, CliTestCase, read_wav, wav_bytes

RAMP = np.linspace(-1, 1, 10000, dtype=np.float32)


class BadInputTest(CliTestCase):
    def setUp(self):
        super().setUp()
        self.write("in.wav", wav_bytes(RAMP))

    def fails(self, *arguments, exit_code=1, **options):
        """The message; checks that no file has come or gone."""
        before = self.files()
        _, err = self.patchbay("process", *arguments, exit_code=exit_code, **options)
        self.assertEqual(self.files(), before)
        return err

    def test_truncated_file_is_used_as_far_as_it_goes(self):
        self.write("cut.wav", wav_bytes(RAMP)[:20044])
        _, err = self.patchbay("process", "cut.wav", "-o", "out.wav", "gain()")
        self.assertOneMessage(err, "warning: cut.wav: ", "truncated")
        np.testing.assert_array_equal(read_wav(self.path("out.wav"))[0][0], RAMP[:5000])

    def test_truncated_flac_is_used_as_far_as_it_goes(self):
        noise = np.random.default_rng(1).integers(-9999, 9999, 50000, np.int16)
        self.write("noise.wav", wav_bytes(noise))
        self.patchbay("process", "noise.wav", "-o", "in.flac", "gain()")
        with open(self.path("in.flac"), "rb") as file:
            self.write("cut.flac", file.read()[:50000])
        _, err = self.patchbay("process", "cut.flac", "-o", "out.wav", "gain()")
        self.assertOneMessage(err, "warning: cut.flac: ends after ", " of 50000 frames")
        out = read_wav(self.path("out.wav"))[0][0]
        self.assertGreater(len(out), 10000)
        np.testing.assert_array_equal(out, noise[: len(out)])

    def test_text_named_wav(self):
        self.write("text.wav", b"Dear diary, today was a day.\n" * 50)
        err = self.fails("text.wav", "-o", "out.wav", "gain()")
        self.assertOneMessage(err, "text.wav is not audio that can be read: ")

    def test_missing_file(self):
        self.assertOneMessage(self.fails("no.wav", "-o", "out.wav", "gain()"), "no.wav: No such file or directory")

    def test_nan_names_its_frame(self):
        broken = RAMP.copy()
        broken[7777] = np.nan
        self.write("nan.wav", wav_bytes(broken))
        self.write("out.wav", b"as it was")
        self.assertOneMessage(self.fails("nan.wav", "-o", "out.wav", "gain()"), "7777")
        with open(self.path("out.wav"), "rb") as file:
            self.assertEqual(file.read(), b"as it was")

    def test_different_sample_rates(self):
        self.write("slow.wav", wav_bytes(RAMP, 44100))
        err = self.fails("in.wav", "slow.wav", "-o", "out.wav", "mix()")
        self.assertOneMessage(
            err, "in.wav has 48000 Hz, slow.wav has 44100 Hz", "slow.wav -o resampled.wav 'resample(48000Hz)'"
        )
        self.patchbay("process", "slow.wav", "-o", "resampled.wav", "resample(48000Hz)")
        self.patchbay("process", "in.wav", "resampled.wav", "-o", "out.wav", "mix()")

    def test_full_disk(self):
        # As much as a program needs for itself when it runs under a sanitizer.
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
        for name in ["out.wav", "out.flac", "out.ogg"]:
            err = self.fails(
                "-o", name, "--seconds", "240", "--sample_rate", "48000", "noise()", preexec_fn=limit
            )
            self.assertOneMessage(err, name + ": cannot be written")
        err = self.fails(
            "--controls", "out.csv", "--seconds", "5", "noise() | envelope_follower()", preexec_fn=limit
        )
        self.assertOneMessage(err, "out.csv: cannot be written: File too large")

    def test_full_device(self):
        err = self.fails("in.wav", "-o", "/dev/full", "--format", "wav", "gain()")
        self.assertOneMessage(err, "/dev/full", "No space left on device")

    def test_folder_that_is_not_there(self):
        err = self.fails("in.wav", "-o", "nowhere/out.wav", "gain()")
        self.assertOneMessage(err, "nowhere/out.wav: No such file or directory")

    def test_signals_leave_no_partial_file(self):
        self.write("out.wav", b"as it was")
        for number in [signal.SIGTERM, signal.SIGINT]:
            with self.subTest(number):
                with subprocess.Popen(
                    [PROGRAM, "process", "-o", "out.wav", "--seconds", "1e6", "noise()"], cwd=self.folder
                ) as process:
                    while not any(".partial-" in name for name in self.files()):
                        self.assertIsNone(process.poll())
                    process.send_signal(number)
                    self.assertEqual(process.wait(30), -number)
                self.assertEqual(self.files(), ["in.wav", "out.wav"])
                self.assertEqual(os.path.getsize(self.path("out.wav")), 9)

    def test_formats_that_cannot_hold_the_audio(self):
        err = self.fails("-o", "out.opus", "--sample_rate", "44100", "--seconds", "1", "noise()")
        self.assertOneMessage(err, "out.opus: ", "8000, 12000, 16000, 24000")
        err = self.fails("in.wav", "-o", "out.flac", "--subtype", "float", "gain()")
        self.assertOneMessage(err, "cannot hold 'float'", "pcm_16, pcm_24")
        err = self.fails("in.wav", "-o", "out.xyz", "gain()")
        self.assertOneMessage(err, "out.xyz", "--format")
        err = self.fails("in.wav", "-o", "out", "--format", "mp5", "gain()")
        self.assertOneMessage(err, "unknown format 'mp5'", "flac")

    def test_expressions_that_cannot_work(self):
        self.assertOneMessage(self.fails("in.wav", "-o", "out.wav", "gian()"), "did you mean 'gain'")
        self.assertOneMessage(self.fails("in.wav", "-o", "out.wav", "gain(999dB)"), "gain.gain_db", "60")
        self.assertOneMessage(self.fails("in.wav", "-o", "out.wav", "gain("), "column 6")
        self.assertOneMessage(self.fails("in.wav", "-o", "out.wav", "convolution(impulse=@x)"), "x")
        self.assertOneMessage(self.fails("-o", "out.wav", "noise()"), "never ends", "--seconds")

    def test_files_with_expressions_that_cannot_work(self):
        self.write("x.patchbay", b"a = gain()\na | gian()\n")
        err = self.fails("in.wav", "-o", "out.wav", "-f", "x.patchbay")
        self.assertOneMessage(err, "x.patchbay: line 2, column 5: ", "did you mean 'gain'")
        err = self.fails("in.wav", "-o", "out.wav", "-f", "none.patchbay")
        self.assertOneMessage(err, "none.patchbay: No such file or directory")

    def test_no_server(self):
        err = self.fails("in.wav", "-o", "out.wav", "--server", "unix:" + self.path("none"), "gain()")
        self.assertOneMessage(err, "no Patchbay server at unix:")

    def test_command_lines_that_cannot_work(self):
        wrong = [
            [],
            ["in.wav", "-o", "out.wav"],  # no expression
            ["in.wav", "gain()"],  # no output
            ["in.wav", "-o", "out.wav", "envelope_follower()"],  # no audio
            ["in.wav", "-o", "out.wav", "--controls", "x.csv", "gain()"],  # no control
            ["in.wav", "-o", "out.wav", "--seconds", "1", "gain()"],
            ["-o", "out.wav", "--seconds", "1", "--frames", "1", "noise()"],
            ["in.wav", "-o", "a.wav", "-o", "b.wav", "gain()"],  # one output
            ["in.wav", "-o", "a.wav", "-o", "a.wav", "[gain(), invert()]"],
            ["x=in.wav", "x=in.wav", "-o", "out.wav", "mix()"],
            ["-o", "out.wav", "--seconds", "-1", "noise()"],
            ["in.wav", "-o", "out.wav", "--clip", "x", "gain()"],
            ["in.wav", "-o", "out.wav", "--chunk_frames", "0", "gain()"],
            ["in.wav", "-o", "out.wav", "--sutbype", "float", "gain()"],
        ]
        for arguments in wrong:
            with self.subTest(arguments):
                err = self.fails(*arguments, exit_code=2)
                self.assertOneMessage(err)
                self.assertIn("Try: patchbay process --help", err)


if __name__ == "__main__":
    unittest.main()
