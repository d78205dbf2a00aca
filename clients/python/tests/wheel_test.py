"""pip installs the wheel into an empty place, and what is there works without anything of ours."""

import os
import subprocess
import sys
import tempfile
import unittest

WHEEL = os.path.abspath(sys.argv.pop(1))

PROGRAM = """
import numpy as np, patchbay as pb
assert pb.__file__.startswith({place!r}), pb.__file__
assert pb.embedded.executable().startswith({place!r})
y = pb.process(pb.Gain(gain_db=-20), np.ones((2, 1000), np.float32), 48000)
np.testing.assert_allclose(y, 0.1, rtol=1e-6)
"""


class WheelTest(unittest.TestCase):
    def test_installs_and_runs(self):
        with tempfile.TemporaryDirectory() as place:
            environment = {"PATH": "/usr/bin:/bin", "HOME": place, "TMPDIR": place}
            pip = [sys.executable, "-m", "pip", "--no-cache-dir", "--disable-pip-version-check"]
            subprocess.run(
                [*pip, "install", "--quiet", "--no-index", "--no-deps", "--target", place, WHEEL],
                check=True,
                env=environment,
            )
            subprocess.run(
                [sys.executable, "-c", PROGRAM.format(place=place)],
                check=True,
                env={**environment, "PYTHONPATH": place},
                cwd=place,
            )
            libraries = subprocess.run(
                ["ldd", f"{place}/patchbay/bin/patchbay"],
                check=True,
                capture_output=True,
                text=True,
            ).stdout
            for line in libraries.splitlines():
                name = line.split()[0]
                if os.path.exists(f"{place}/patchbay/lib/{name}"):
                    self.assertIn(f"{place}/patchbay/", line)
            self.assertIn(f"{place}/patchbay/", libraries)
            self.assertNotIn("not found", libraries)


if __name__ == "__main__":
    unittest.main()
