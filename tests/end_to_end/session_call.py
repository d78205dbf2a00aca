"""A Process call as a test writes it: send a request, read responses, in step."""

import queue

import numpy as np

from patchbay.v1 import patchbay_pb2 as pb
from patchbay.v1 import session_pb2


def config(text, channels=(2,), sample_rate_hz=48000, clips=None, **options):
    """A SessionConfig for a Description in the text form."""
    message = session_pb2.SessionConfig(sample_rate_hz=0 if channels else sample_rate_hz)
    message.description.text = text
    for count in channels:
        message.inputs.add(sample_rate_hz=sample_rate_hz, num_channels=count)
    for name, samples in (clips or {}).items():
        message.clips[name].format.sample_rate_hz = sample_rate_hz
        message.clips[name].format.num_channels = samples.shape[0]
        message.clips[name].samples = samples.astype("<f4").tobytes()
    for name, value in options.items():
        setattr(message.options, name, value)
    return message


class SessionCall:
    """One stream. Audio is (channels, frames) float32; only for sessions with one input or none."""

    def __init__(self, stub, first):
        self._requests = queue.Queue()
        self._responses = stub.Process(iter(self._requests.get, None), timeout=60)
        self.send(first)
        self.ready = next(self._responses).ready
        self.position = self.ready.input_frames[0] if self.ready.input_frames else 0
        self.sent = 0

    def send(self, request):
        self._requests.put(request)

    def read(self):
        return next(self._responses)

    def process(self, audio):
        """Sends one chunk; returns the outputs and controls that answer it, flat."""
        request = pb.ProcessRequest()
        request.audio.start_frame = self.position
        request.audio.samples = np.ascontiguousarray(audio, "<f4").tobytes()
        self.send(request)
        self.position += audio.shape[1]
        self.sent += audio.shape[1]
        return self.answers()

    def pull(self, num_frames):
        self.send(pb.ProcessRequest(pull=pb.Pull(num_frames=num_frames)))
        return self.answers()

    def answers(self):
        """Everything up to the answer to a message that marks this place in the stream."""
        count = len(self.ready.info.outputs) + len(self.ready.info.control_outputs)
        found = []
        for _ in range(count):
            response = self.read()
            kind = response.WhichOneof("kind")
            found.append(response.audio.samples if kind == "audio" else response.control.values)
        return found

    def flush(self):
        """Drains; returns the messages before `flushed`."""
        self.send(pb.ProcessRequest(flush=pb.Flush()))
        found = []
        while True:
            response = self.read()
            if response.HasField("flushed"):
                self.position = 0
                return found
            found.append(response)

    def end(self):
        frames = [self.sent] if self.ready.info.inputs else []
        self.send(pb.ProcessRequest(end=pb.End(frames=frames)))
        response = self.read()
        self._requests.put(None)
        for _ in self._responses:
            raise AssertionError("a message came after end")
        return response.end

    def abandon(self):
        self._responses.cancel()
        self._requests.put(None)


def open_request(message):
    return pb.ProcessRequest(open=message)


def attach_request(name):
    return pb.ProcessRequest(attach=name)


__all__ = ["SessionCall", "attach_request", "config", "open_request"]
