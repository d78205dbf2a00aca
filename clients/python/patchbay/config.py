"""How sessions are opened."""

from __future__ import annotations

from typing import Mapping, Sequence, Union

import numpy as np

from patchbay.audio import Clip, Inputs, audio_format
from patchbay.description import Description
from patchbay.encoder import Encoder
from patchbay.v1 import session_pb2

Clips = Mapping[str, Union[Clip, np.ndarray]]

# How many channels each input has: of one, of several, or of several with names.
Channels = Union[int, Sequence[int], Mapping[str, int]]


def session_config(
    description: Description,
    sample_rate: float | None,
    channels: Channels,
    clips: Clips | None,
) -> session_pb2.SessionConfig:
    """How to open a session with an input for each of `channels`."""
    names: list[str] = []
    if isinstance(channels, Mapping):
        names, numbers = list(channels), list(channels.values())
    else:
        numbers = [channels] if isinstance(channels, int) else list(channels)
    if sample_rate is None:
        raise TypeError("sample_rate is missing: how many frames a second the audio has")
    rate = audio_format(sample_rate, 1).sample_rate_hz
    encoder = Encoder(rate, clips, names)
    return session_pb2.SessionConfig(
        description=encoder.description(description),
        inputs=[audio_format(rate, n) for n in numbers],
        sample_rate_hz=0 if numbers else rate,
        clips=encoder.clips,
        input_names=names,
    )


def open_config(
    description: Description | None,
    sample_rate: float | None,
    channels: Channels,
    clips: Clips | None,
    checkpoint: bytes | None,
) -> session_pb2.SessionConfig:
    """How to open a session, from a description or a checkpoint."""
    if checkpoint is not None:
        if description is not None or sample_rate is not None or channels or clips:
            raise TypeError("the checkpoint holds description, formats and clips: give it alone")
        return session_pb2.SessionConfig(checkpoint=checkpoint)
    if description is None:
        raise TypeError("description is missing: what to compute, or a checkpoint")
    return session_config(description, sample_rate, channels, clips)


def run_config(
    description: Description,
    sample_rate: float | None,
    inputs: Inputs,
    clips: Clips | None,
    tail: bool,
) -> session_pb2.SessionConfig:
    """How to open a session for a whole run."""
    numbers = inputs.num_channels
    channels = dict(zip(inputs.names, numbers)) if inputs.names else numbers
    config = session_config(description, sample_rate, channels, clips)
    config.options.exclude_tail = not tail
    config.options.compensate_latency = True
    return config
