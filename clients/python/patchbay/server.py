"""A connection to a server."""

from __future__ import annotations

from typing import Any, Union

import grpc
import numpy as np

from patchbay import errors, progress as progress_
from patchbay.audio import Audio, Inputs
from patchbay.config import Channels, Clips, open_config, run_config, session_config
from patchbay.description import Description
from patchbay.exchange import one_or_all
from patchbay.result import Result
from patchbay.stream import Stream
from patchbay.transport import OPTIONS
from patchbay.v1 import patchbay_pb2, patchbay_pb2_grpc, processor_spec_pb2, session_pb2

# A session by its name, or as it was told about.
Session = Union[str, session_pb2.Session]


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
        description: Description | None = None,
        sample_rate: float | None = None,
        channels: Channels = (),
        *,
        clips: Clips | None = None,
        checkpoint: bytes | None = None,
        timeout: float | None = None,
    ) -> Stream:
        """Opens a session to stream through; use it in a `with` statement.

        Args:
            description: As of process(), as is sample_rate.
            channels: Of the input; a list for several inputs, or a dict by their names. Left
                out: there are none.
            clips: As of run().
            checkpoint: Of checkpoint_session, in place of all else: it goes on from there.
            timeout: Seconds until the session is given up. None: it lives as long as it likes.
        """
        config = open_config(description, sample_rate, channels, clips, checkpoint)
        stream = self.start(config, timeout)
        stream.begin()
        return stream

    def start(
        self, first: Union[session_pb2.SessionConfig, str], timeout: float | None
    ) -> Stream:
        """A stream that has not begun yet: of a new session, or of one with this name."""
        if isinstance(first, str):
            return Stream(self._stub, patchbay_pb2.ProcessRequest(attach=first), timeout)
        return Stream(self._stub, patchbay_pb2.ProcessRequest(open=first), timeout)

    def create_session(
        self,
        description: Description | None = None,
        sample_rate: float | None = None,
        channels: Channels = (),
        *,
        clips: Clips | None = None,
        checkpoint: bytes | None = None,
        lease_seconds: float | None = None,
    ) -> session_pb2.Session:
        """Creates a session that outlives its streams: attach to it by its name.

            session = server.create_session(pb.Reverb(), sample_rate=48000, channels=2)
            with server.attach(session) as stream:
                y = stream.process(x)
            saved = server.checkpoint_session(session)
            with other_server.open(checkpoint=saved) as stream:
                y = stream.process(more)  # goes on where the session was

        Args:
            description: As of open(), as are sample_rate, channels, clips and checkpoint.
            lease_seconds: How long it is kept while nobody is attached. None: as long as the
                server likes (5 minutes unless it was told otherwise).

        Returns:
            The session: its name, text, formats. Whoever knows the name can use it.
        """
        config = open_config(description, sample_rate, channels, clips, checkpoint)
        if lease_seconds is not None:
            config.lease.FromNanoseconds(round(lease_seconds * 1e9))
        request = patchbay_pb2.CreateSessionRequest(config=config)
        return self._unary(self._stub.CreateSession, request)

    def attach(self, session: Session, *, timeout: float | None = None) -> Stream:
        """Streams through a session that exists, from its position; it stays when the stream ends.

        Raises:
            NotFound: There is no such session, or its lease is over.
            FailedPrecondition: Another stream is attached.
        """
        stream = self.start(_name_of(session), timeout)
        stream.begin()
        return stream

    def get_session(self, session: Session) -> session_pb2.Session:
        """What the server knows of a session: position, who uses it, when it expires, statistics."""
        request = patchbay_pb2.GetSessionRequest(name=_name_of(session))
        return self._unary(self._stub.GetSession, request)

    def list_sessions(self) -> list[session_pb2.Session]:
        """All sessions of the server that this client may see."""
        pages = self._pages(self._stub.ListSessions, patchbay_pb2.ListSessionsRequest())
        return [session for page in pages for session in page.sessions]

    def delete_session(self, session: Session) -> None:
        """Frees a session. A stream that is attached ends with an error."""
        request = patchbay_pb2.DeleteSessionRequest(name=_name_of(session))
        self._unary(self._stub.DeleteSession, request)

    def checkpoint_session(self, session: Session) -> bytes:
        """Saves a session at its position, also while a stream is attached (`stream.session`).

        Returns:
            What open() and create_session() take as checkpoint, here or on another server: the
            session goes on from there, bit-exact.
        """
        request = patchbay_pb2.CheckpointSessionRequest(name=_name_of(session))
        return self._unary(self._stub.CheckpointSession, request).checkpoint

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
        pages = self._pages(self._stub.ListProcessors, patchbay_pb2.ListProcessorsRequest())
        return [processor for page in pages for processor in page.processors]

    def __repr__(self) -> str:
        return f"Server({self.address!r})"

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

    def _pages(self, method, request):
        more = True
        while more:
            page = self._unary(method, request)
            yield page
            request.page_token = page.next_page_token
            more = bool(request.page_token)


def _name_of(session: Session) -> str:
    return session if isinstance(session, str) else session.name
