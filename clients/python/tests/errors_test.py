import unittest

import grpc

from patchbay import errors
from patchbay.v1 import errors_pb2
from google.protobuf import any_pb2


def field(number: int, content: bytes) -> bytes:
    """A length-delimited field shorter than 16 KiB."""
    length = len(content)
    return bytes([number << 3 | 2, length & 0x7F | 0x80, length >> 7]) + content


def status(*details: any_pb2.Any) -> bytes:
    """A google.rpc.Status."""
    code, message = b"\x08\x03", field(2, b"no" * 100)
    return code + message + b"".join(field(3, one.SerializeToString()) for one in details)


def packed(message) -> any_pb2.Any:
    result = any_pb2.Any()
    result.Pack(message)
    return result


class ErrorsTest(unittest.TestCase):
    def test_every_status_but_ok_and_unknown_has_a_class(self):
        names = set()
        for code in set(grpc.StatusCode) - {grpc.StatusCode.OK, grpc.StatusCode.UNKNOWN}:
            error = errors.of_status(code, "message")
            if code is not grpc.StatusCode.ALREADY_EXISTS:  # no call of ours answers with it
                self.assertEqual(type(error).__name__.lower(), code.name.replace("_", "").lower())
                names.add(type(error))
            self.assertEqual(str(error), "message")
        self.assertEqual(len(names), 14)

    def test_reads_the_detail_among_others(self):
        detail = errors_pb2.ErrorDetail(path="gain.gain_db", value="99 dB", allowed="x" * 200)
        other = errors_pb2.ErrorDetail(path="not this")
        stranger = any_pb2.Any(type_url="type.googleapis.com/google.rpc.Help", value=b"abc")
        error = errors.of_status(
            grpc.StatusCode.INVALID_ARGUMENT, "m", status(stranger, packed(detail), packed(other))
        )
        self.assertEqual(
            (error.path, error.value, error.allowed), ("gain.gain_db", "99 dB", "x" * 200)
        )

    def test_damaged_details_leave_the_message(self):
        whole = status(packed(errors_pb2.ErrorDetail(path="gain.gain_db")))
        for i in range(len(whole)):
            for details in (whole[:i], whole[:i] + b"\xff" + whole[i + 1 :]):
                error = errors.of_status(grpc.StatusCode.INVALID_ARGUMENT, "message", details)
                self.assertEqual(str(error), "message")


if __name__ == "__main__":
    unittest.main()
