"""Ctrl-C, as a signal to this process."""

import os
import signal
import threading
import unittest

from patchbay.interrupts import Interruptible


def interrupt():
    os.kill(os.getpid(), signal.SIGINT)


class InterruptibleTest(unittest.TestCase):
    def test_cancels_and_raises_at_the_end(self):
        cancelled = threading.Event()
        reached_the_end = False
        with self.assertRaises(KeyboardInterrupt):
            with Interruptible(cancelled.set):
                interrupt()
                self.assertTrue(cancelled.wait(20))
                reached_the_end = True
        self.assertTrue(reached_the_end)
        self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)

    def test_comes_instead_of_the_error_of_what_was_cancelled(self):
        with self.assertRaises(KeyboardInterrupt):
            with Interruptible(lambda: None):
                interrupt()
                raise ValueError("cancelled")

    def test_a_second_time_it_does_not_wait(self):
        reached_the_end = False
        with self.assertRaises(KeyboardInterrupt):
            with Interruptible(lambda: None):
                interrupt()
                interrupt()
                reached_the_end = True
        self.assertFalse(reached_the_end)
        self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)

    def test_other_handlers_are_left_alone(self):
        seen = []
        before = signal.signal(signal.SIGINT, lambda *_: seen.append(1))
        self.addCleanup(signal.signal, signal.SIGINT, before)
        with Interruptible(lambda: self.fail("cancelled")):
            interrupt()
        self.assertEqual(seen, [1])

    def test_so_is_another_thread(self):
        def run():
            with Interruptible(lambda: None):
                handlers.append(signal.getsignal(signal.SIGINT))

        handlers = []
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        self.assertEqual(handlers, [signal.default_int_handler])


if __name__ == "__main__":
    unittest.main()
