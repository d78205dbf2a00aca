"""Streams audio through a Patchbay server with nothing but stubs made from the .proto files.

Any language with gRPC can do this. For Python, make the stubs and run it with:

    protoc -I proto --python_out=stubs --plugin=protoc-gen-grpc=$(which grpc_python_plugin) \
        --grpc_out=stubs proto/patchbay/v1/*.proto
    patchbay serve --address=unix:/tmp/private/patchbay &
    PYTHONPATH=stubs python3 plain_grpc.py unix:/tmp/private/patchbay
"""

import array
import math
import sys

import grpc
from patchbay.v1 import audio_pb2, control_pb2, description_pb2, patchbay_pb2
from patchbay.v1 import patchbay_pb2_grpc, session_pb2

SAMPLE_RATE = 48000
CHUNK_FRAMES = 4800
NUM_CHUNKS = 10


def sine(first_frame: int, num_frames: int) -> array.array:
    """A 440 Hz sine as 32-bit floats: what one channel's samples are on the wire."""
    step = 2 * math.pi * 440 / SAMPLE_RATE
    return array.array("f", (math.sin(step * (first_frame + i)) for i in range(num_frames)))


def requests():
    """What the client says, in order."""
    # 1. Open a session: what to compute, and the format of each input.
    yield patchbay_pb2.ProcessRequest(
        open=session_pb2.SessionConfig(
            description=description_pb2.Description(text="lowpass(1kHz) | gain(0dB)"),
            inputs=[audio_pb2.AudioFormat(sample_rate_hz=SAMPLE_RATE, num_channels=1)],
        )
    )
    # 2. From the middle on, half as loud: parameters move on the frame they are told to.
    middle = NUM_CHUNKS // 2 * CHUNK_FRAMES
    yield patchbay_pb2.ProcessRequest(
        control=control_pb2.ControlChange(
            node="gain",
            parameter="gain_db",
            start_frame=middle,
            signal=control_pb2.ControlSignal(constant=-6.02),
        )
    )
    # 3. The audio, chunk by chunk. Each says where it starts, so that nothing is lost unseen.
    for start in range(0, NUM_CHUNKS * CHUNK_FRAMES, CHUNK_FRAMES):
        yield patchbay_pb2.ProcessRequest(
            audio=audio_pb2.AudioChunk(
                start_frame=start, samples=sine(start, CHUNK_FRAMES).tobytes()
            )
        )
    # 4. The clip is over: let echoes die away. Then say how much was sent, and goodbye.
    yield patchbay_pb2.ProcessRequest(flush=patchbay_pb2.Flush())
    yield patchbay_pb2.ProcessRequest(end=patchbay_pb2.End(frames=[NUM_CHUNKS * CHUNK_FRAMES]))


def main(address: str) -> None:
    with grpc.insecure_channel(address) as channel:
        stub = patchbay_pb2_grpc.PatchbayStub(channel)
        num_frames = 0
        ended = False
        # Requests are sent and responses received at the same time.
        for response in stub.Process(requests()):
            kind = response.WhichOneof("kind")
            if kind == "ready":
                info = response.ready.info
                print(f"latency {info.latency_frames} frames, tail {info.tail_frames} frames")
            elif kind == "audio":
                samples = array.array("f", response.audio.samples)
                num_frames += len(samples)
                print(f"frame {response.audio.start_frame}: peak {max(map(abs, samples)):.3f}")
            elif kind == "end":
                ended = list(response.end.frames) == [num_frames]
                print(f"done: {response.end.report.text}")
        if not ended:
            sys.exit("the stream broke off: some of the audio is missing")


if __name__ == "__main__":
    main(sys.argv[1])
