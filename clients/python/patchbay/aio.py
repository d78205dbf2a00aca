"""The same for asyncio: connect, process, run, and streams whose methods are awaited."""

from __future__ import annotations

import asyncio
from typing import Callable, Iterable, Sequence, Union

import grpc
import numpy as np

from patchbay import embedded, errors, progress as progress_
from patchbay.audio import Inputs
from patchbay.description import Description
from patchbay.exchange import Clips, Exchange, Result, one_or_all, session_config, shaped
from patchbay.server import Audio
from patchbay.transport import OPTIONS
from patchbay.v1 import patchbay_pb2, patchbay_pb2_grpc, processor_spec_pb2, session_pb2


class Stream:
    """As patchbay.Stream; use it in an `async with` statement, by one task at a time."""

    def __init__(
        self,
        stub: patchbay_pb2_grpc.PatchbayStub,
        config: session_pb2.SessionConfig,
        timeout: float | None = None,
    ) -> None:
        self._stub = stub
        self._config = config
        self._timeout = timeout

    async def __aenter__(self) -> Stream:
        self._call = self._stub.Process(timeout=self._timeout)
        opening = patchbay_pb2.ProcessRequest(open=self._config)
        writing = asyncio.create_task(self._write([opening]))
        try:
            self._exchange = Exchange(await self._read())
        finally:
            await _finished(writing)
        return self

    async def __aexit__(self, kind: object, *_: object) -> None:
        if kind is None:
            await self.close()
        else:
            self.cancel()

    @property
    def info(self) -> session_pb2.StreamInfo:
        return self._exchange.info

    @property
    def latency_frames(self) -> int:
        return self.info.latency_frames

    @property
    def tail_frames(self) -> int:
        return self.info.tail_frames

    @property
    def position(self) -> int:
        return self._exchange.position

    @property
    def report(self) -> patchbay_pb2.Report | None:
        return self._exchange.report

    async def process(
        self, audio: Union[np.ndarray, list[np.ndarray]]
    ) -> Union[np.ndarray, list[np.ndarray]]:
        inputs = Inputs.of(audio)
        return await self._answer(self._exchange.audio(inputs), inputs.is_flat)

    async def pull(self, num_frames: int) -> Union[np.ndarray, list[np.ndarray]]:
        return await self._answer(self._exchange.pull(num_frames))

    async def set(
        self, node: str = "", /, *, at_frame: int | None = None, **values: float
    ) -> None:
        await self._write(self._exchange.set(node, values, at_frame))

    async def flush(self) -> Union[np.ndarray, list[np.ndarray]]:
        return await self._answer([self._exchange.flush()])

    async def reset(self) -> None:
        await self._answer([self._exchange.reset()])

    def take_controls(self) -> dict[str, np.ndarray]:
        return self._exchange.take_controls()

    async def run_to_end(
        self, inputs: Inputs, num_frames: int | None, report: progress_.Callback | None
    ) -> Result:
        """Everything from the first frame to the end of the stream."""
        requests = self._exchange.run(inputs, num_frames)
        await self._converse(requests, self._exchange.has_ended, report)
        self.cancel()
        return self._exchange.result(inputs.is_flat)

    async def close(self) -> None:
        if not self._exchange.has_ended():
            await self._answer([self._exchange.end()])
        self.cancel()

    def cancel(self) -> None:
        self._call.cancel()

    async def _answer(
        self, requests: Iterable[patchbay_pb2.ProcessRequest], flatten: bool = False
    ) -> Union[np.ndarray, list[np.ndarray]]:
        await self._converse(requests, self._exchange.is_answered)
        return one_or_all([shaped(clip, flatten) for clip in self._exchange.take_audio()])

    async def _converse(
        self,
        requests: Iterable[patchbay_pb2.ProcessRequest],
        is_over: Callable[[], bool],
        report: progress_.Callback | None = None,
    ) -> None:
        """Writes and reads at the same time, so that several chunks are on their way."""
        writing = asyncio.create_task(self._write(requests))
        try:
            while not is_over():
                response = await self._read()
                self._exchange.receive(response)
                if report and response.WhichOneof("kind") in ("audio", "control"):
                    report(self._exchange.frames_done(), self._exchange.frames_in_all())
        except BaseException:
            self.cancel()
            raise
        finally:
            await _finished(writing)

    async def _write(self, requests: Iterable[patchbay_pb2.ProcessRequest]) -> None:
        for request in requests:
            await self._call.write(request)

    async def _read(self) -> patchbay_pb2.ProcessResponse:
        try:
            response = await self._call.read()
        except grpc.RpcError as error:
            raise errors.of_rpc_error(error) from None
        if response is grpc.aio.EOF:
            raise errors.DataLoss("the server closed the stream without its end")
        return response


async def _finished(writing: asyncio.Task) -> None:
    """Waits for a writer. If its call has failed, reading tells the reason better."""
    await asyncio.gather(writing, return_exceptions=True)


class Server:
    """As patchbay.Server; belongs to the event loop that it is made in."""

    def __init__(
        self, address: str, credentials: grpc.ChannelCredentials | None = None
    ) -> None:
        self.address = address
        if credentials is None:
            self._channel = grpc.aio.insecure_channel(address, options=OPTIONS)
        else:
            self._channel = grpc.aio.secure_channel(address, credentials, options=OPTIONS)
        self._stub = patchbay_pb2_grpc.PatchbayStub(self._channel)

    async def process(
        self,
        description: Description,
        audio: Audio = None,
        sample_rate: float | None = None,
        **options: object,
    ) -> Union[np.ndarray, list[np.ndarray]]:
        result = await self.run(description, audio, sample_rate, **options)  # type: ignore
        return one_or_all(result.clips)

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
        config = session_config(
            description, sample_rate, inputs.num_channels, clips, tail, compensate_latency=True
        )
        async with Stream(self._stub, config, timeout) as stream:
            return await stream.run_to_end(inputs, num_frames, progress_.callback(progress))

    def open(
        self,
        description: Description,
        sample_rate: float | None = None,
        channels: Union[int, Sequence[int]] = (),
        *,
        clips: Clips | None = None,
        timeout: float | None = None,
    ) -> Stream:
        config = session_config(description, sample_rate, channels, clips)
        return Stream(self._stub, config, timeout)

    async def validate(
        self,
        description: Description,
        sample_rate: float | None = None,
        channels: Union[int, Sequence[int]] = (),
        *,
        clips: Clips | None = None,
    ) -> patchbay_pb2.ValidateDescriptionResponse:
        config = session_config(description, sample_rate, channels, clips)
        return await self._unary(
            self._stub.ValidateDescription,
            patchbay_pb2.ValidateDescriptionRequest(config=config),
        )

    async def processors(self) -> list[processor_spec_pb2.ProcessorSpec]:
        request = patchbay_pb2.ListProcessorsRequest()
        processors: list[processor_spec_pb2.ProcessorSpec] = []
        while True:
            page = await self._unary(self._stub.ListProcessors, request)
            processors += page.processors
            request.page_token = page.next_page_token
            if not request.page_token:
                return processors

    async def close(self) -> None:
        await self._channel.close()

    async def __aenter__(self) -> Server:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @staticmethod
    async def _unary(method, request):
        try:
            return await method(request)
        except grpc.RpcError as error:
            raise errors.of_rpc_error(error) from None


def connect(
    address: str | None = None, credentials: grpc.ChannelCredentials | None = None
) -> Server:
    """As patchbay.connect. Without an address it blocks while the embedded server starts."""
    return Server(address or embedded.address(), credentials)


async def process(
    description: Description, audio: Audio = None, sample_rate: float | None = None, **options
) -> Union[np.ndarray, list[np.ndarray]]:
    """Server.process on the embedded server."""
    async with connect() as server:
        return await server.process(description, audio, sample_rate, **options)


async def run(
    description: Description, audio: Audio = None, sample_rate: float | None = None, **options
) -> Result:
    """Server.run on the embedded server."""
    async with connect() as server:
        return await server.run(description, audio, sample_rate, **options)
