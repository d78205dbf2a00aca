"""A session saved at a random frame and opened in another server process goes on bit-exact."""

import unittest

import grpc
import numpy as np

from patchbay.v1 import patchbay_pb2 as pb
from patchbay.v1 import session_pb2
from tests.end_to_end.servers import running_server
from tests.end_to_end.session_call import SessionCall, attach_request, config, open_request

CHAINS = [
    "highpass(cutoff_hz=80) | compressor(threshold_db=-30) | delay(delay_seconds=0.05) | gain(gain_db=-3)",
    "convolution(impulse=@impulse) | reverb() | fade(in_seconds=0.1, out_seconds=0.2)",
    "echo = in + 0.5 * echo | delay(20ms, mix=1, feedback=0); "
    "in + echo | lowpass(2000Hz + 1500 * lfo(3Hz)) | gain({-20dB, 150ms: 0dB smooth})",
    "oscillator(waveform=saw) | lowpass(cutoff_hz=900, order=4) | envelope_follower()",
]


def description(spec):
    """A call of a processor with its defaults; several ports share the input."""
    arguments = ["%s=@impulse" % p.name for p in spec.parameters if p.required and p.type == 6]
    ports = [port.name for port in spec.inputs if not port.optional]
    if len(ports) > 1:
        arguments += ["%s=in[0]" % port for port in ports]
    return "%s(%s)" % (spec.name, ", ".join(arguments))


class CheckpointTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.context = [running_server(), running_server()]
        cls.first, cls.second = [c.__enter__() for c in cls.context]
        cls.random = np.random.default_rng(5)
        cls.impulse = cls.random.normal(0, 0.05, (1, 2000)).astype(np.float32)
        cls.audio = cls.random.uniform(-0.5, 0.5, (2, 9000)).astype(np.float32)

    @classmethod
    def tearDownClass(cls):
        for context in cls.context:
            context.__exit__(None, None, None)

    def play(self, call, first, last):
        if call.ready.info.inputs:
            return call.process(self.audio[:, first:last])
        return call.pull(last - first)

    def check(self, text, inputs):
        message = config(text, channels=[2] * inputs, clips={"impulse": self.impulse})
        middle = int(self.random.integers(1, 8999))

        unbroken = SessionCall(self.first.stub, open_request(message))
        expected_before = self.play(unbroken, 0, middle)
        expected_after = self.play(unbroken, middle, 9000)
        expected_rest = [m.SerializeToString() for m in unbroken.flush()]
        unbroken.end()

        name = self.first.stub.CreateSession(pb.CreateSessionRequest(config=message)).name
        call = SessionCall(self.first.stub, attach_request(name))
        self.assertEqual(self.play(call, 0, middle), expected_before, text)
        call.end()
        saved = self.first.stub.CheckpointSession(pb.CheckpointSessionRequest(name=name)).checkpoint
        self.first.stub.DeleteSession(pb.DeleteSessionRequest(name=name))

        call = SessionCall(self.second.stub, open_request(session_pb2.SessionConfig(checkpoint=saved)))
        self.assertEqual(call.ready.position_frames, middle)
        self.assertEqual(self.play(call, middle, 9000), expected_after, "%s saved at %d" % (text, middle))
        self.assertEqual([m.SerializeToString() for m in call.flush()], expected_rest, text)
        call.end()

    def test_every_processor(self):
        for spec in self.first.stub.ListProcessors(pb.ListProcessorsRequest()).processors:
            if not spec.checkpointable:
                continue
            with self.subTest(spec.name):
                self.check(description(spec), min(1, len(spec.inputs)))

    def test_chains(self):
        for text in CHAINS:
            with self.subTest(text):
                self.check(text, 0 if text.startswith("oscillator") else 1)

    def refused(self, checkpoint):
        request = pb.CreateSessionRequest(config=session_pb2.SessionConfig(checkpoint=bytes(checkpoint)))
        with self.assertRaises(grpc.RpcError) as error:
            self.second.stub.CreateSession(request)
        self.assertEqual(error.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
        return error.exception.details()

    def test_damaged_or_foreign_checkpoints_are_refused_with_the_reason(self):
        request = pb.CreateSessionRequest(config=config("gain()"))
        name = self.first.stub.CreateSession(request).name
        saved = self.first.stub.CheckpointSession(pb.CheckpointSessionRequest(name=name)).checkpoint
        damaged = bytearray(saved)
        damaged[-1] ^= 1
        self.assertIn("damaged", self.refused(damaged))
        self.assertIn("damaged", self.refused(saved[:-3]))
        self.assertIn("not a checkpoint", self.refused(b"RIFF" + saved[4:]))
        newer = bytearray(saved)
        newer[4] += 1
        self.assertIn("format 2", self.refused(newer))


if __name__ == "__main__":
    unittest.main()
