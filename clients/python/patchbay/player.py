"""Audio as a player in HTML."""

from __future__ import annotations

import base64
import io
import wave

import numpy as np

# A notebook keeps what it shows in its file.
_MOST_SECONDS = 60


def html(clip: np.ndarray, sample_rate: int) -> str:
    """A player with the first minute of the clip, its first two channels."""
    clip = np.atleast_2d(clip)
    channels, frames = clip.shape
    heard = clip[:2, : _MOST_SECONDS * sample_rate]
    source = base64.b64encode(wav(heard, sample_rate)).decode()
    notes = [f"{channels} x {frames} frames at {sample_rate} Hz"]
    if channels > 2:
        notes.append("the first two channels are played")
    if heard.shape[1] < frames:
        notes.append(f"the first {_MOST_SECONDS} s are played")
    return (
        f'<figure><audio controls src="data:audio/wav;base64,{source}"></audio>'
        f"<figcaption>{'; '.join(notes)}</figcaption></figure>"
    )


def wav(clip: np.ndarray, sample_rate: int) -> bytes:
    """A WAV file of 16 bits, (channels, frames); what is beyond full scale is clipped."""
    samples = np.round(np.clip(clip, -1.0, 32767 / 32768) * 32768).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(clip.shape[0])
        writer.setsampwidth(2)
        writer.setframerate(sample_rate)
        writer.writeframes(samples.T.tobytes())
    return file.getvalue()
