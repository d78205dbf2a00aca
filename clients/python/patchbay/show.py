"""Drawings of descriptions."""

from __future__ import annotations

import shutil
import subprocess
from typing import Union

from patchbay import embedded
from patchbay.config import Channels
from patchbay.description import Description
from patchbay.encoder import Encoder
from patchbay.server import Server
from patchbay.v1 import patchbay_pb2
from patchbay.wiring import Wiring, as_dot, as_text

_DOT_SECONDS = 30


class Drawing:
    """A description as a picture where Graphviz's `dot` is installed, and as text anywhere.

    A notebook shows it; print() writes the text.

    Attributes:
        dot: It in Graphviz's language.
    """

    def __init__(self, wiring: Wiring) -> None:
        self.dot = as_dot(wiring)
        self._text = as_text(wiring)

    def __repr__(self) -> str:
        return self._text

    def _repr_svg_(self) -> Union[str, None]:
        """None if there is no picture: a notebook shows the text then."""
        program = shutil.which("dot")
        if program is None:
            return None
        try:
            drawn = subprocess.run(
                [program, "-Tsvg"],
                input=self.dot,
                capture_output=True,
                check=True,
                text=True,
                timeout=_DOT_SECONDS,
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return drawn.stdout


def show(
    description: Union[Description, patchbay_pb2.ValidateDescriptionResponse],
    sample_rate: float = 48000,
    channels: Channels = 2,
) -> Drawing:
    """Draws a description: what feeds what, and what moves which parameter.

    Args:
        description: As of process(), or what Server.validate answered.
        sample_rate: If any of it is text, which the embedded server parses, as for Server.validate.
        channels: The same.

    Raises:
        InvalidArgument: The text form is wrong.
    """
    if isinstance(description, patchbay_pb2.ValidateDescriptionResponse):
        return Drawing(Wiring(description.expression))
    encoder = Encoder(int(sample_rate))
    message = encoder.description(description)
    if not encoder.has_text:
        return Drawing(Wiring(message.expression))
    with Server(embedded.address()) as server:
        return Drawing(Wiring(server.validate(description, sample_rate, channels).expression))
