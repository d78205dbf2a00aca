"""The same for asyncio: connect, process, run, and streams whose methods are awaited.

Each stream runs in a thread of its own over gRPC's synchronous calls. gRPC's asyncio calls would
not do: when the server ends one with an error while a chunk is on its way, that error is often
replaced by "Internal error from Core".
"""

from __future__ import annotations

import asyncio
import concurrent.futures
from typing import Any, Callable, TypeVar, Union

import grpc
import numpy as np

import patchbay.server
import patchbay.stream
from patchbay import embedded
from patchbay import progress as progress_
from patchbay.audio import Audio, Inputs
from patchbay.config import Channels, Clips, open_config, run_config
from patchbay.description import Description
from patchbay.exchange import Signal, one_or_all
from patchbay.result import ControlValues, Result
from patchbay.server import Session
from patchbay.v1 import patchbay_pb2, processor_spec_pb2, session_pb2

_T = TypeVar("_T")


class Stream:
    """As patchbay.Stream; use it in an `async with` statement, by one task at a time."""

    def __init__(self, start: Callable[[], patchbay.stream.Stream]) -> None:
        self._start = start

    async def __aenter__(self) -> Stream:
        self._thread = concurrent.futures.ThreadPoolExecutor(1, "patchbay-stream")
        self._stream = self._start()
        try:
            await self._do(self._stream.begin)
        except BaseException:
            self.cancel()
            raise
        return self

    async def __aexit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                await self.close()
        finally:
            self.cancel()

    @property
    def session(self) -> str:
        return self._stream.session

    @property
    def info(self) -> session_pb2.StreamInfo:
        return self._stream.info

    @property
    def latency_frames(self) -> int:
        return self._stream.latency_frames

    @property
    def tail_frames(self) -> int:
        return self._stream.tail_frames

    @property
    def position(self) -> int:
        return self._stream.position

    @property
    def report(self) -> patchbay_pb2.Report | None:
        return self._stream.report

    async def process(self, audio: Audio) -> Union[np.ndarray, list[np.ndarray]]:
        return await self._do(self._stream.process, audio)

    async def pull(self, num_frames: int) -> Union[np.ndarray, list[np.ndarray]]:
        return await self._do(self._stream.pull, num_frames)

    def set(self, node: str = "", /, *, at_frame: int | None = None, **values: Signal) -> None:
        """Not awaited: it does not wait for an answer."""
        self._stream.set(node, at_frame=at_frame, **values)

    async def flush(self) -> Union[np.ndarray, list[np.ndarray]]:
        return await self._do(self._stream.flush)

    async def reset(self) -> None:
        await self._do(self._stream.reset)

    def take_controls(self) -> dict[str, ControlValues]:
        return self._stream.take_controls()

    async def run_to_end(
        self, inputs: Inputs, num_frames: int | None, report: progress_.Callback | None
    ) -> Result:
        """Everything from the first frame to the end of the stream."""
        loop = asyncio.get_running_loop()

        def report_in_loop(fraction: float, doing: str) -> None:
            if report:
                loop.call_soon_threadsafe(report, fraction, doing)

        return await self._do(
            self._stream.run_to_end, inputs, num_frames, report_in_loop if report else None
        )

    async def close(self) -> None:
        await self._do(self._stream.close)

    def cancel(self) -> None:
        self._stream.cancel()
        self._thread.shutdown(wait=False)

    async def _do(self, function: Callable[..., _T], *arguments: Any) -> _T:
        """Runs it in the stream's thread. If this task is cancelled, so is the stream."""
        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(self._thread, function, *arguments)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            self._stream.cancel()
            await asyncio.wait([running])
            running.exception()  # seen: that it was cancelled is no news
            raise


class Server:
    """As patchbay.Server."""

    def __init__(self, address: str, credentials: grpc.ChannelCredentials | None = None) -> None:
        self._server = patchbay.server.Server(address, credentials)
        self.address = address

    async def process(
        self,
        description: Description,
        audio: Audio = None,
        sample_rate: float | None = None,
        **options: Any,
    ) -> Union[np.ndarray, list[np.ndarray]]:
        return one_or_all((await self.run(description, audio, sample_rate, **options)).clips)

    async def run(
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
        inputs = Inputs.of(audio)
        config = run_config(description, sample_rate, inputs, clips, tail)
        async with Stream(lambda: self._server.start(config, timeout)) as stream:
            return await stream.run_to_end(inputs, num_frames, progress_.callback(progress))

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
        config = open_config(description, sample_rate, channels, clips, checkpoint)
        return Stream(lambda: self._server.start(config, timeout))

    async def create_session(
        self,
        description: Description | None = None,
        sample_rate: float | None = None,
        channels: Channels = (),
        **options: Any,
    ) -> session_pb2.Session:
        return await asyncio.to_thread(
            self._server.create_session, description, sample_rate, channels, **options
        )

    def attach(self, session: Session, *, timeout: float | None = None) -> Stream:
        name = session if isinstance(session, str) else session.name
        return Stream(lambda: self._server.start(name, timeout))

    async def get_session(self, session: Session) -> session_pb2.Session:
        return await asyncio.to_thread(self._server.get_session, session)

    async def list_sessions(self) -> list[session_pb2.Session]:
        return await asyncio.to_thread(self._server.list_sessions)

    async def delete_session(self, session: Session) -> None:
        await asyncio.to_thread(self._server.delete_session, session)

    async def checkpoint_session(self, session: Session) -> bytes:
        return await asyncio.to_thread(self._server.checkpoint_session, session)

    async def validate(
        self,
        description: Description,
        sample_rate: float | None = None,
        channels: Channels = (),
        *,
        clips: Clips | None = None,
    ) -> patchbay_pb2.ValidateDescriptionResponse:
        return await asyncio.to_thread(
            self._server.validate, description, sample_rate, channels, clips=clips
        )

    async def processors(self) -> list[processor_spec_pb2.ProcessorSpec]:
        return await asyncio.to_thread(self._server.processors)

    def close(self) -> None:
        self._server.close()

    async def __aenter__(self) -> Server:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()


def connect(
    address: str | None = None, credentials: grpc.ChannelCredentials | None = None
) -> Server:
    """As patchbay.connect. Without an address it blocks while the embedded server starts."""
    return Server(address or embedded.address(), credentials)


async def process(
    description: Description, audio: Audio = None, sample_rate: float | None = None, **options: Any
) -> Union[np.ndarray, list[np.ndarray]]:
    """Server.process on the embedded server."""
    async with connect() as server:
        return await server.process(description, audio, sample_rate, **options)


async def run(
    description: Description, audio: Audio = None, sample_rate: float | None = None, **options: Any
) -> Result:
    """Server.run on the embedded server."""
    async with connect() as server:
        return await server.run(description, audio, sample_rate, **options)
