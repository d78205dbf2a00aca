"""A session that runs while audio streams through it."""

from __future__ import annotations

import queue
from typing import Iterable, Iterator, Union

import grpc
import numpy as np

from patchbay import errors, progress
from patchbay.audio import Audio, Inputs
from patchbay.exchange import Exchange, Signal, one_or_all, shaped
from patchbay.interrupts import Interruptible
from patchbay.result import ControlValues, Result
from patchbay.v1 import patchbay_pb2, patchbay_pb2_grpc, session_pb2


class Stream:
    """A session of the server: Server.open, Server.attach. Not to be shared between threads.

    Use it in a `with` statement: its session ends with it, unless that was made by create_session.
    After an error it is of no more use.
    """

    def __init__(
        self,
        stub: patchbay_pb2_grpc.PatchbayStub,
        first: patchbay_pb2.ProcessRequest,
        timeout: float | None = None,
    ) -> None:
        # gRPC takes requests from this queue in a thread of its own: chunks are cut there, while
        # this thread reads what comes back.
        self._requests: queue.SimpleQueue[Iterable[patchbay_pb2.ProcessRequest] | None] = (
            queue.SimpleQueue()
        )
        self._call = stub.Process(_flattened(self._requests), timeout=timeout)
        self._requests.put([first])
        self._is_flat = False  # the last chunk was (frames,)

    def begin(self) -> None:
        """Waits for the server's first answer; nothing else can be done before."""
        self._exchange = Exchange(self._read())

    @property
    def session(self) -> str:
        """The session's name, such as "sessions/3f9c..."."""
        return self._exchange.session

    @property
    def info(self) -> session_pb2.StreamInfo:
        """Formats, latency, tail, memory, and the parameters that can be set."""
        return self._exchange.info

    @property
    def latency_frames(self) -> int:
        """Output frame n + latency_frames answers input frame n."""
        return self.info.latency_frames

    @property
    def tail_frames(self) -> int:
        """Frames that flush appends, beside the latency."""
        return self.info.tail_frames

    @property
    def position(self) -> int:
        """Frames sent since the start of the clip."""
        return self._exchange.position

    @property
    def report(self) -> patchbay_pb2.Report | None:
        """What was done; after close."""
        return self._exchange.report

    def process(self, audio: Audio) -> Union[np.ndarray, list[np.ndarray]]:
        """Sends a chunk of any length and returns the outputs' frames of the same positions.

        If a processor changes the number of frames or must hear its input to the end, most or all
        comes from flush.

        Args:
            audio: One array, or a list or dict with one of the same length for each input.

        Returns:
            One array, or a list of them unless the session has exactly one output.
        """
        inputs = Inputs.of(audio).in_order(list(self.info.input_names))
        self._requests.put(self._exchange.audio(inputs))
        self._is_flat = inputs.is_flat
        return self._answer()

    def pull(self, num_frames: int) -> Union[np.ndarray, list[np.ndarray]]:
        """The next frames of a session without inputs; fewer if it ends before."""
        self._requests.put(self._exchange.pull(num_frames))
        return self._answer()

    def set(self, node: str = "", /, *, at_frame: int | None = None, **values: Signal) -> None:
        """Sets parameters: `stream.set(gain_db=-3)`, `stream.set("compressor", ratio=8)`.

        Args:
            node: The node's name. "": the only one that has the parameter.
            at_frame: Where the change takes effect, exactly. None: the next frame.
            **values: By the parameters' names: numbers, or curves that begin where the change
                takes effect (a Curve, Samples, or an array with a value for every frame). What
                the server does not accept raises its error from the next call.
        """
        self._requests.put(self._exchange.set(node, values, at_frame))

    def flush(self) -> Union[np.ndarray, list[np.ndarray]]:
        """Ends the clip and returns its rest: latency and tail. The session is as new then."""
        self._requests.put([self._exchange.flush()])
        return self._answer()

    def reset(self) -> None:
        """Forgets everything: the session is as new."""
        self._requests.put([self._exchange.reset()])
        self._answer()

    def take_controls(self) -> dict[str, ControlValues]:
        """Each control output's values since this was last called, by its name."""
        return self._exchange.take_controls()

    def run_to_end(
        self, inputs: Inputs, num_frames: int | None, report: progress.Callback | None
    ) -> Result:
        """Everything from the first frame to the end of the stream."""
        exchange = self._exchange
        requests = exchange.run(inputs, num_frames)
        if report and not exchange.is_live:
            requests = _reported(requests, exchange.position, report)
        self._requests.put(requests)
        while not exchange.has_ended():
            response = self._read()
            exchange.receive(response)
            kind = response.WhichOneof("kind")
            if report and kind == "progress":
                report(min(response.progress.fraction, 1.0), response.progress.node)
            elif report and kind in ("audio", "control"):
                if (part := exchange.part_done()) is not None:
                    report(part, "processing")
        self.cancel()
        if report:
            report(1.0, progress.DONE)
        return exchange.result(inputs.is_flat)

    def close(self) -> None:
        """Ends the session and checks that nothing is missing. Its report can be read then."""
        if not self._exchange.has_ended():
            self._requests.put([self._exchange.end()])
            self._answer()
        self.cancel()

    def cancel(self) -> None:
        """Ends the stream at once, whatever is under way."""
        self._requests.put(None)
        self._call.cancel()

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            self.cancel()

    def _answer(self) -> Union[np.ndarray, list[np.ndarray]]:
        while not self._exchange.is_answered():
            self._exchange.receive(self._read())
        return one_or_all([shaped(clip, self._is_flat) for clip in self._exchange.take_audio()])

    def _read(self) -> patchbay_pb2.ProcessResponse:
        try:
            with Interruptible(self._call.cancel):
                return next(self._call)
        except grpc.RpcError as error:
            self.cancel()
            raise errors.of_rpc_error(error) from None
        except StopIteration:
            self.cancel()
            raise errors.DataLoss("the server closed the stream without its end") from None
        except BaseException:  # KeyboardInterrupt: what comes next would not fit any request
            self.cancel()
            raise


def _flattened(
    requests: queue.SimpleQueue[Iterable[patchbay_pb2.ProcessRequest] | None],
) -> Iterator[patchbay_pb2.ProcessRequest]:
    while (batch := requests.get()) is not None:
        yield from batch


def _reported(
    requests: Iterator[patchbay_pb2.ProcessRequest], num_frames: int, report: progress.Callback
) -> Iterator[patchbay_pb2.ProcessRequest]:
    """Reports how much is sent, where the server says nothing until all is."""
    for request in requests:
        yield request
        if request.HasField("audio"):
            report(request.audio.start_frame / num_frames, "sending")
