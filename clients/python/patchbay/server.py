"""A connection to a server."""

from __future__ import annotations

from typing import Any, Union

import grpc
import numpy as np

from patchbay import errors, progress as progress_
from patchbay.audio import Audio, Inputs
from patchbay.config import Channels, Clips, run_config, session_config
from patchbay.description import Description
from patchbay.exchange import one_or_all
from patchbay.result import Result
from patchbay.stream import Stream
from patchbay.transport import OPTIONS
from patchbay.v1 import patchbay_pb2, patchbay_pb2_grpc, processor_spec_pb2, session_pb2

class Server:
    """A server at an address; made by patchbay.connect. Safe to share between threads."""

    def __init__(
        self, address: str, credentials: grpc.ChannelCredentials | None = None
    ) -> None:
        self.address = address
        if credentials is None:
            self._channel = grpc.insecure_channel(address, options=OPTIONS)
        else:
            self._channel = grpc.secure_channel(address, credentials, options=OPTIONS)
        self._stub = patchbay_pb2_grpc.PatchbayStub(self._channel)

    def process(
        self,
        description: Description,
        audio: Audio = None,
        sample_rate: float | None = None,
        **options: Any,
    ) -> Union[np.ndarray, list[np.ndarray]]:
        """Processes audio and returns what comes out.

        Args:
            description: A processor such as `patchbay.Gain(gain_db=-6)`, several joined by `|`
                and other operators (help(patchbay.expression)), a list for several outputs, or
                the text form, such as "highpass(80Hz) | gain(-3dB)".
            audio: float32, shape (channels, frames) or (frames,); a list for several inputs, or a
                dict by the names that the description uses: {"voice": x, "music": y}, with
                `pb.input("music")`. The shorter ones are continued with silence. None for
                generators.
            sample_rate: Frames a second.
            **options: As of run().

        Returns:
            An array (channels, frames); (frames,) if it is mono and so was the input. A list of
            them unless exactly one clip comes out.
        """
        return one_or_all(self.run(description, audio, sample_rate, **options).clips)

    def run(
        self,
        description: Description,
        audio: Audio = None,
        sample_rate: float | None = None,
        *,
        num_frames: int | None = None,
        clips: Clips | None = None,
        tail: bool = True,
        progress: Union[bool, progress_.Callback, None] = None,
        timeout: float | None = None,
    ) -> Result:
        """Processes audio and returns clips, control outputs and a report.

        Args:
            description: As of process(), as are audio and sample_rate.
            num_frames: How much to generate when there is no input. None: until it ends.
            clips: By name, those that a text form uses: "convolution(impulse=@hall)".
            tail: Whether outputs go on after the end of the clip, with echoes and reverberation.
            progress: True for a progress bar, or what to call with the part that is done, 0 to 1,
                and what is done ("processing", a node at work, last "done").
            timeout: Seconds until the run is given up. Ctrl-C gives it up as well.

        Raises:
            InvalidArgument: The description or audio is wrong; the message says what and where.
            DeadlineExceeded: The timeout ran out.
        """
        inputs = Inputs.of(audio)
        config = run_config(description, sample_rate, inputs, clips, tail)
        with self.start(config, timeout) as stream:
            stream.begin()
            return stream.run_to_end(inputs, num_frames, progress_.callback(progress))

    def open(
        self,
        description: Description,
        sample_rate: float | None = None,
        channels: Channels = (),
        *,
        clips: Clips | None = None,
        timeout: float | None = None,
    ) -> Stream:
        """Opens a session to stream through; use it in a `with` statement.

        Args:
            description: As of process(), as is sample_rate.
            channels: Of the input; a list for several inputs, or a dict by their names. Left
                out: there are none.
            clips: As of run().
            timeout: Seconds until the session is given up. None: it lives as long as it likes.
        """
        config = session_config(description, sample_rate, channels, clips)
        stream = self.start(config, timeout)
        stream.begin()
        return stream

    def start(self, config: session_pb2.SessionConfig, timeout: float | None) -> Stream:
        """A stream that has not begun yet."""
        return Stream(self._stub, config, timeout)

    def validate(
        self,
        description: Description,
        sample_rate: float | None = None,
        channels: Channels = (),
        *,
        clips: Clips | None = None,
    ) -> patchbay_pb2.ValidateDescriptionResponse:
        """What a Description would do: latency, tail, memory, its text in full.

        Raises:
            InvalidArgument: It would not run; the message says why.
        """
        config = session_config(description, sample_rate, channels, clips)
        return self._unary(
            self._stub.ValidateDescription,
            patchbay_pb2.ValidateDescriptionRequest(config=config),
        )

    def processors(self) -> list[processor_spec_pb2.ProcessorSpec]:
        """The catalogue of the server."""
        request = patchbay_pb2.ListProcessorsRequest()
        processors: list[processor_spec_pb2.ProcessorSpec] = []
        while True:
            page = self._unary(self._stub.ListProcessors, request)
            processors += page.processors
            request.page_token = page.next_page_token
            if not request.page_token:
                return processors

    def close(self) -> None:
        """Closes the connection; streams over it are cancelled."""
        self._channel.close()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @staticmethod
    def _unary(method, request):
        try:
            return method(request)
        except grpc.RpcError as error:
            raise errors.of_rpc_error(error) from None
