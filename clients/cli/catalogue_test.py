"""patchbay list, describe, validate, info, demo and the help."""

import os
import subprocess
import unittest

import numpy as np

from clients.cli.cli_test_case import PROGRAM, CliTestCase, wav_bytes

SUBCOMMANDS = ["process", "list", "describe", "validate", "info", "serve", "demo"]
RECORDINGS = ["/usr/share/sounds/alsa/Front_Center.wav", "/usr/share/sonic-pi/samples/loop_amen.flac"]


class CatalogueTest(CliTestCase):
    def test_list_groups_processors(self):
        out, _ = self.patchbay("list")
        lines = out.splitlines()
        self.assertLess(lines.index("filters"), lines.index("levels"))
        self.assertEqual(len([line for line in lines if line.startswith("  gain ")]), 1)
        specs = self.json("list")
        self.assertEqual(sorted(spec["name"] for spec in specs), [spec["name"] for spec in specs])

    def test_describe_tells_what_the_table_says(self):
        for spec in self.json("list"):
            out, _ = self.patchbay("describe", spec["name"])
            self.assertIn(spec["summary"], out)
            self.assertIn(spec["example"], out)
            for parameter in spec["parameters"]:
                self.assertIn("\n  %s\n" % parameter["name"], out)
        self.assertEqual(self.json("describe", "gain")["parameters"][0]["unit"], "UNIT_DECIBELS")

    def test_describe_suggests_a_name(self):
        _, err = self.patchbay("describe", "compresor", exit_code=1)
        self.assertOneMessage(err, "did you mean 'compressor'")

    def test_every_example_is_valid(self):
        for spec in self.json("list"):
            if any(parameter["type"] == "PARAMETER_TYPE_CLIP" for parameter in spec["parameters"]):
                continue
            with self.subTest(spec["name"]):
                self.patchbay("validate", spec["example"])

    def test_validate_prints_the_full_text(self):
        out, _ = self.patchbay("validate", "--channels", "1", "highpass(80Hz)|gain(-3dB)")
        self.assertTrue(out.startswith("highpass(cutoff_hz=80) | gain(gain_db=-3)\n"), out)
        self.assertIn("output 0: 1 channel, 48000 Hz", out)
        info = self.json("validate", "--sample_rate", "8000", "delay(0.5s, feedback=0)")["info"]
        self.assertEqual(info["outputs"][0]["sample_rate_hz"], 8000)
        self.assertEqual(info["latency_frames"], 0)
        self.assertGreaterEqual(info["tail_frames"], 4000)

    def test_validate_knows_generators_inputs_and_clips(self):
        self.assertEqual(self.json("validate", "noise()")["info"]["inputs"], [])
        self.patchbay("validate", "--inputs", "2", "mix(weights=[1, 0.5])")
        self.write("ir.wav", wav_bytes(np.ones(10, np.float32)))
        self.patchbay("validate", "--clip", "ir=ir.wav", "convolution(impulse=@ir)")
        _, err = self.patchbay("validate", "convolution(impulse=@ir)", exit_code=1)
        self.assertOneMessage(err, "ir")

    def test_validate_refuses_absurd_formats(self):
        for option in [["--sample_rate", "0"], ["--sample_rate", "2147483647"], ["--channels", "1000"]]:
            with self.subTest(option):
                self.assertOneMessage(self.patchbay("validate", *option, "gain()", exit_code=1)[1])

    def test_info_tells_what_files_hold(self):
        self.write("a.wav", wav_bytes(np.full((2, 4800), 0.5, np.float32)))
        out, _ = self.patchbay("info", "--levels", "a.wav")
        self.assertIn("a.wav: wav float, 48000 Hz, 2 channels, 100 ms (4800 frames), peak -6.0 dB", out)
        self.assertEqual(self.json("info", "a.wav")[0]["num_frames"], 4800)

    def test_info_looks_at_all_files_though_one_fails(self):
        self.write("a.wav", wav_bytes(np.zeros((1, 10), np.float32)))
        self.write("text.wav", b"nothing")
        out, err = self.patchbay("info", "text.wav", "a.wav", exit_code=1)
        self.assertIn("a.wav: wav float", out)
        self.assertOneMessage(err, "text.wav is not audio")

    def test_help_has_examples(self):
        out, _ = self.patchbay("--help")
        for name in SUBCOMMANDS:
            self.assertIn(name, out)
            text, _ = self.patchbay(name, "--help")
            options = text[: text.index("\n\n", text.index("Options:"))].splitlines()
            self.assertLessEqual(max(map(len, options[2:])), 80)
            self.assertIn("Example", text)
            self.assertIn("patchbay " + name, text)

    def test_version(self):
        self.assertRegex(self.patchbay("--version")[0], r"^patchbay \d+\.\d+\.\d+\n$")

    def test_unknown_subcommand(self):
        self.assertOneMessage(self.patchbay("proces", exit_code=2)[1], "did you mean 'process'")
        self.assertOneMessage(self.patchbay(exit_code=2)[1])

    @unittest.skipUnless(all(map(os.path.exists, RECORDINGS)), "recordings are not installed")
    def test_demo_processes_recordings(self):
        out, _ = self.patchbay("demo", "--output", "d")
        self.assertNotIn("warning", out)
        files = sorted(os.listdir(self.path("d")))
        self.assertEqual(len(files), out.count("after:"))
        for info in self.json("info", "--levels", *(os.path.join("d", name) for name in files)):
            self.assertGreater(info["rms_db"], -50)
            self.assertLess(info["peak_db"], 0)

    def test_standard_output_that_is_full(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([PROGRAM, "list"], stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left", done.stderr)


if __name__ == "__main__":
    unittest.main()
