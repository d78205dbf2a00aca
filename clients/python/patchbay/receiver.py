"""Puts together what comes over a Process stream."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from patchbay.audio import Collector
from patchbay.errors import DataLoss
from patchbay.result import ControlValues
from patchbay.v1 import audio_pb2, control_pb2, patchbay_pb2, session_pb2


class _Track:
    """One output, audio or control."""

    def __init__(self, num_channels: int, position: int) -> None:
        self.collector = Collector(num_channels)
        self.due = position  # where its next chunk starts
        self.taken_until = position
        self.frames_per_value = 1

    def add(self, what: str, start_frame: int, samples: bytes) -> int:
        """Appends a chunk, which must follow the one before. Returns its number of values."""
        if start_frame != self.due:
            raise DataLoss(
                f"{what}: a chunk starts at frame {start_frame} where frame {self.due} is due"
            )
        count = self.collector.add(samples)
        self.due += count * self.frames_per_value
        return count

    def start_clip(self) -> None:
        self.due = self.taken_until = 0


class Receiver:
    """The outputs of a session, as far as they have come.

    Attributes:
        received: Frames of each output, since the stream began.
        sample_rates: Of each output.
        length_frames: Of the longest output, if that was pending and is known.
    """

    def __init__(self, info: session_pb2.StreamInfo, position: int) -> None:
        self._audio = [_Track(format.num_channels, position) for format in info.outputs]
        # In mid-clip, control outputs go on where their own latency has left them.
        self._controls = [
            _Track(1, max(0, position - output.latency_frames)) for output in info.control_outputs
        ]
        self._sample_rate = info.sample_rate_hz
        self._name_controls(info.control_outputs)
        self.sample_rates = [format.sample_rate_hz for format in info.outputs]
        self.received = [0] * len(self._audio)
        self.length_frames: int | None = None

    def outputs(self, outputs: patchbay_pb2.Outputs) -> None:
        """What was pending is known."""
        self._audio = [_Track(format.num_channels, 0) for format in outputs.outputs]
        self.length_frames = max(outputs.length_frames, default=None)
        for track, length in zip(self._audio, outputs.length_frames):
            track.collector.expect(length)
        self.sample_rates = [format.sample_rate_hz for format in outputs.outputs]
        self.received += [0] * (len(self._audio) - len(self.received))
        self._name_controls(outputs.control_outputs)

    def _name_controls(self, outputs: Sequence[session_pb2.ControlOutput]) -> None:
        self._control_names = [output.name for output in outputs]
        self._control_rates = [output.sample_rate_hz or self._sample_rate for output in outputs]

    def audio(self, chunk: audio_pb2.AudioChunk) -> None:
        if not 0 <= chunk.stream < len(self._audio):
            raise DataLoss(f"there is a chunk for output {chunk.stream}, which does not exist")
        track = self._audio[chunk.stream]
        count = track.add(f"output {chunk.stream}", chunk.start_frame, chunk.samples)
        self.received[chunk.stream] += count

    def control(self, chunk: control_pb2.ControlChunk) -> None:
        # Of what follows a whole-clip processor, values may come before their output is told.
        while chunk.stream >= len(self._controls):
            self._controls.append(_Track(1, 0))
        track = self._controls[chunk.stream]
        track.frames_per_value = max(chunk.frames_per_value, 1)
        track.add(f"control output {chunk.stream}", chunk.start_frame, chunk.values)

    def start_clip(self) -> None:
        for track in self._audio + self._controls:
            track.start_clip()

    def expect_until(self, position: int) -> None:
        """Makes room for the answers up to the position."""
        for track in self._audio + self._controls:
            track.collector.expect(position - track.due)

    def has_come(self, position: int, control_latency: int) -> bool:
        return all(track.due >= position for track in self._audio) and all(
            track.due + control_latency >= position for track in self._controls
        )

    def frames_done(self, position: int) -> int:
        """Frames that have come since the start of the clip; all if there are no outputs."""
        return max((track.due for track in self._audio + self._controls), default=position)

    def has_anything(self) -> bool:
        return any(track.due for track in self._audio + self._controls) or any(self.received)

    def take_audio(self) -> list[np.ndarray]:
        return [track.collector.take() for track in self._audio]

    def take_controls(self) -> dict[str, ControlValues]:
        taken = {}
        rates = self._control_rates + [self._sample_rate] * len(self._controls)
        for name, track, rate in zip(self._names(), self._controls, rates):
            values = track.collector.take()[0]
            first, track.taken_until = track.taken_until, track.due
            taken[name] = ControlValues(values, first, track.frames_per_value, rate)
        return taken

    def _names(self) -> list[str]:
        """Of the control outputs; a multiplexed processor has several of one name: name[0]..."""
        names = self._control_names
        names = names + [f"control_{i}" for i in range(len(names), len(self._controls))]
        return [
            f"{name}[{names[:i].count(name)}]" if names.count(name) > 1 else name
            for i, name in enumerate(names)
        ]
