import contextlib
import io
import sys
import types
import unittest
from unittest import mock

from patchbay import progress


class ProgressTest(unittest.TestCase):
    def draw(self):
        drawn = io.StringIO()
        with contextlib.redirect_stderr(drawn):
            bar = progress.callback(True)
            for step in [(0, "sending"), (0.5, "reverse"), (1, progress.DONE)]:
                bar(*step)
        return drawn.getvalue()

    def test_the_plain_bar(self):
        with mock.patch.dict(sys.modules, {"tqdm": None, "tqdm.auto": None}):
            drawn = self.draw()
        self.assertRegex(drawn, r" 0%  sending.*\r.*=+ .* 50%  reverse.*\r.*=+\] 100%  done")
        self.assertTrue(drawn.endswith("\n"))
        self.assertEqual(len({len(line) for line in drawn.strip("\r\n").split("\r")}), 1)

    def test_updates_of_the_same_work_are_rare(self):
        drawn = io.StringIO()
        with contextlib.redirect_stderr(drawn):
            bar = progress.Bar()
            for i in range(1000):
                bar(i / 1000, "processing")
        self.assertLess(drawn.getvalue().count("\r"), 100)

    def test_tqdm_if_it_is_there(self):
        tqdm = mock.Mock()
        auto = types.SimpleNamespace(tqdm=tqdm)
        package = types.SimpleNamespace(auto=auto)
        with mock.patch.dict(sys.modules, {"tqdm": package, "tqdm.auto": auto}):
            self.draw()
        tqdm().set_description_str.assert_any_call("patchbay: reverse", refresh=False)
        self.assertEqual(tqdm().n, 1)
        tqdm().close.assert_called_once()

    def test_no_bar_and_any_function(self):
        self.assertIsNone(progress.callback(None))
        self.assertIsNone(progress.callback(False))
        self.assertIs(progress.callback(print), print)


if __name__ == "__main__":
    unittest.main()
