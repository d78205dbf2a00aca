"""The example for any language works with stubs that are made as it says."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from patchbay import embedded

PROTOC, PLUGIN = (os.path.abspath(sys.argv.pop(1)) for _ in range(2))


class PlainGrpcTest(unittest.TestCase):
    def test_streams_with_stubs_alone(self):
        protos = sorted(pathlib.Path("proto/patchbay/v1").glob("*.proto"))
        self.assertTrue(protos)
        with tempfile.TemporaryDirectory() as stubs:
            subprocess.run(
                [
                    PROTOC,
                    "-Iproto",
                    f"--python_out={stubs}",
                    f"--plugin=protoc-gen-grpc={PLUGIN}",
                    f"--grpc_out={stubs}",
                    *protos,
                ],
                check=True,
            )
            output = subprocess.run(
                [sys.executable, "clients/python/examples/plain_grpc.py", embedded.address()],
                check=True,
                capture_output=True,
                text=True,
                env={"PYTHONPATH": stubs, "PATH": os.environ["PATH"]},
            ).stdout
        peaks = [float(peak) for peak in re.findall(r"peak ([0-9.]+)", output)]
        self.assertGreater(peaks[1], 0.9)
        self.assertAlmostEqual(peaks[-1], peaks[1] / 2, delta=0.02)
        self.assertIn("done: lowpass(cutoff_hz=1000", output)


if __name__ == "__main__":
    unittest.main()
