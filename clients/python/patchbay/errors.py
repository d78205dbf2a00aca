"""Errors, with the messages as the server wrote them."""

from __future__ import annotations

from typing import Iterator

import grpc
from google.protobuf.message import DecodeError

from patchbay.v1 import errors_pb2

_DETAILS_KEY = "grpc-status-details-bin"


class PatchbayError(Exception):
    """What went wrong, in words; its class says which gRPC status the server answered with.

    Attributes:
        path: The node and parameter at fault, such as "compressor.attack_seconds", or "".
        value: What was asked for, or "".
        allowed: The range or the names that would do, or "".
    """

    def __init__(self, message: str, detail: errors_pb2.ErrorDetail | None = None) -> None:
        super().__init__(message)
        detail = detail or errors_pb2.ErrorDetail()
        self.path: str = detail.path
        self.value: str = detail.value
        self.allowed: str = detail.allowed


class Aborted(PatchbayError):
    """A session lost what it remembered: a worker or plug-in died."""


class Cancelled(PatchbayError):
    """The call was cancelled."""


class DataLoss(PatchbayError):
    """A stream ended before all of its frames arrived."""


class DeadlineExceeded(PatchbayError):
    """A time limit ran out."""


class FailedPrecondition(PatchbayError):
    """Not now: the session is used by another stream, for example."""


class Internal(PatchbayError):
    """A fault of the server's."""


class InvalidArgument(PatchbayError, ValueError):
    """A Description, parameter, format or sample is wrong."""


class NotFound(PatchbayError):
    """There is no such session."""


class OutOfRange(PatchbayError):
    """A chunk or a change is not where it must be in the stream."""


class PermissionDenied(PatchbayError):
    """The server does not allow this."""


class ResourceExhausted(PatchbayError):
    """A limit of the server's was reached."""


class Unauthenticated(PatchbayError):
    """The server does not know this client."""


class Unavailable(PatchbayError):
    """There is no server at this address, or it is shutting down."""


class Unimplemented(PatchbayError):
    """This server does not know this call."""


_CLASSES = {
    grpc.StatusCode.ABORTED: Aborted,
    grpc.StatusCode.CANCELLED: Cancelled,
    grpc.StatusCode.DATA_LOSS: DataLoss,
    grpc.StatusCode.DEADLINE_EXCEEDED: DeadlineExceeded,
    grpc.StatusCode.FAILED_PRECONDITION: FailedPrecondition,
    grpc.StatusCode.INTERNAL: Internal,
    grpc.StatusCode.INVALID_ARGUMENT: InvalidArgument,
    grpc.StatusCode.NOT_FOUND: NotFound,
    grpc.StatusCode.OUT_OF_RANGE: OutOfRange,
    grpc.StatusCode.PERMISSION_DENIED: PermissionDenied,
    grpc.StatusCode.RESOURCE_EXHAUSTED: ResourceExhausted,
    grpc.StatusCode.UNAUTHENTICATED: Unauthenticated,
    grpc.StatusCode.UNAVAILABLE: Unavailable,
    grpc.StatusCode.UNIMPLEMENTED: Unimplemented,
}


def of_status(code: grpc.StatusCode, message: str, details: bytes = b"") -> PatchbayError:
    """The error for a gRPC status; `details` is a serialised google.rpc.Status."""
    return _CLASSES.get(code, PatchbayError)(message, _detail_in(details))


def of_rpc_error(error: grpc.RpcError) -> PatchbayError:
    """The error for what a failed call raised, synchronous or asynchronous."""
    metadata = {key: value for key, value in error.trailing_metadata() or ()}  # type: ignore
    message = error.details() or ""
    if error.code() == grpc.StatusCode.DEADLINE_EXCEEDED and "Deadline Exceeded" in message:
        message = "the timeout ran out"  # of this side, which has gRPC's own words for it
    if error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED and "larger than max" in message:
        message = (
            "the clips and curves of the description are too long for this server:"
            f" {message}; start it with a larger --max_message_bytes, or use the embedded one"
        )
    return of_status(error.code(), message, metadata.get(_DETAILS_KEY, b""))


def _detail_in(status: bytes) -> errors_pb2.ErrorDetail | None:
    """The ErrorDetail among the details (field 3, each an Any) of a google.rpc.Status.

    Read by hand: google.rpc is in no package that this one needs otherwise.
    """
    try:
        for number, value in _fields(status):
            if number == 3:
                packed = dict(_fields(value))
                if packed.get(1, b"").endswith(b"/patchbay.v1.ErrorDetail"):
                    return errors_pb2.ErrorDetail.FromString(packed.get(2, b""))
    except (IndexError, ValueError, DecodeError):
        pass  # not a Status: the message stands alone
    return None


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each length-delimited field; varints are skipped."""
    position = 0

    def varint() -> int:
        nonlocal position
        value = shift = 0
        while True:
            byte = message[position]
            position += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while position < len(message):
        number, wire_type = divmod(varint(), 8)
        if wire_type not in (0, 2):
            raise ValueError(f"unexpected wire type {wire_type}")
        length = varint()
        if wire_type == 2:
            yield number, message[position : position + length]
            position += length
