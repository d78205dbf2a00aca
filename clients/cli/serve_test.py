"""patchbay serve: flags, configuration file, how it starts and ends."""

import signal
import subprocess
import unittest

from clients.cli.cli_test_case import PROGRAM, CliTestCase


class ServeTest(CliTestCase):
    def serve(self, *flags):
        process = subprocess.Popen(
            [PROGRAM, "serve", *flags],
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.kill)
        return process

    def started(self, *flags):
        """A server that listens, and its address."""
        process = self.serve(*flags)
        line = process.stdout.readline()
        self.assertTrue(line.startswith("listening on "), line)
        return process, line[len("listening on ") :].strip()

    def test_one_line_on_standard_output_and_the_log_apart(self):
        process, address = self.started("--address", "unix:" + self.path("s/socket"))
        self.assertEqual(address, "unix:" + self.path("s/socket"))
        process.send_signal(signal.SIGTERM)
        out, log = process.communicate(timeout=30)
        self.assertEqual((process.returncode, out), (0, ""))
        self.assertIn(" info listening address=unix:", log)
        self.assertIn(" info stopped", log)

    def test_embedded_servers_end_with_standard_input_in_silence(self):
        process, _ = self.started("--address", "unix:" + self.path("s/socket"), "--exit_with_stdin")
        out, log = process.communicate(input="what is written is ignored", timeout=30)
        self.assertEqual((process.returncode, out, log), (0, "", ""))

    def test_flags_override_the_configuration_file(self):
        self.write("server.textproto", b'address: "127.0.0.1:0" limits { max_channels: 2 }')
        limited, address = self.started("--config", "server.textproto")
        self.assertRegex(address, r"^127\.0\.0\.1:\d+$")
        validate = ["validate", "--channels", "3", "gain()", "--server"]
        self.assertOneMessage(self.patchbay(*validate, address, exit_code=1)[1], "channels")
        free, address = self.started("--config", "server.textproto", "--max_channels", "64")
        self.patchbay(*validate, address)
        for process in [limited, free]:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)
            self.assertEqual(process.returncode, 0)

    def test_a_second_signal_ends_at_once(self):
        process, address = self.started("--address", "unix:" + self.path("s/socket"), "--drain_seconds", "1000")
        # A stream that does not end: the server would drain for long.
        client = subprocess.Popen(
            [PROGRAM, "process", "-o", "out.wav", "--seconds", "1e6", "--server", address, "noise()"],
            cwd=self.folder,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(client.kill)
        while not any(".partial-" in name for name in self.files()):
            self.assertIsNone(client.poll())
        process.send_signal(signal.SIGTERM)
        while " draining " not in process.stderr.readline():
            self.assertIsNone(process.poll())
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 1)
        self.assertIn("second_signal", log)
        _, message = client.communicate(timeout=30)
        self.assertEqual(client.returncode, 1)
        self.assertOneMessage(message)
        self.assertEqual(self.files(), ["s"])

    def test_configurations_that_cannot_work(self):
        self.write("bad.textproto", b"address: 5\n")
        wrong = [
            (["--config", "bad.textproto"], 1, "bad.textproto:1:10: "),
            (["--config", "none.textproto"], 1, "none.textproto: cannot be read: No such file"),
            (["--worker_threads", "0"], 1, "worker_threads = 0"),
            (["--drain_seconds", "nan"], 1, "drain_seconds"),
            (["--max_sessions", "0"], 1, "max_sessions"),
            (["--max_sessions", "many"], 2, "--max_sessions many"),
            (["--log_level", "loud"], 1, "log_level 'loud'"),
            (["--address", "0.0.0.0:0"], 1, "--insecure"),
            (["--colour"], 2, "--colour"),
        ]
        for flags, exit_code, message in wrong:
            with self.subTest(flags):
                out, err = self.patchbay("serve", *flags, exit_code=exit_code, stdin=subprocess.DEVNULL)
                self.assertEqual(out, "")
                self.assertOneMessage(err, message)


if __name__ == "__main__":
    unittest.main()
