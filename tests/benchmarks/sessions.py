"""What idle sessions cost and how fast the server starts.

    bazel run -c opt //tests/benchmarks:sessions
"""

import statistics
import time

from patchbay.v1 import patchbay_pb2 as pb
from tests.end_to_end.servers import running_server
from tests.end_to_end.session_call import SessionCall, attach_request, config

CHAIN = "highpass(cutoff_hz=80) | compressor() | delay(delay_seconds=0.1) | gain(gain_db=-3)"
SESSIONS = 1000
STARTS = 9


def resident_bytes(pid):
    with open("/proc/%d/status" % pid) as status:
        line = next(line for line in status if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024


def main():
    starts = []
    for _ in range(STARTS):
        start = time.perf_counter()
        with running_server() as server:
            server.stub.GetProcessor(pb.GetProcessorRequest(name="gain"), wait_for_ready=True)
            starts.append(time.perf_counter() - start)
    print("server start to first reply: median %.0f ms of %d" % (statistics.median(starts) * 1e3, STARTS))

    with running_server() as server:
        message = config(CHAIN)
        info = server.stub.ValidateDescription(pb.ValidateDescriptionRequest(config=message)).info
        declared = info.state_bytes + info.shared_bytes
        for name in ("created", "created and attached to a stream"):
            before = resident_bytes(server.process.pid)
            calls = []
            for _ in range(SESSIONS):
                session = server.stub.CreateSession(pb.CreateSessionRequest(config=message)).name
                if "attached" in name:
                    calls.append(SessionCall(server.stub, attach_request(session)))
            each = (resident_bytes(server.process.pid) - before) / SESSIONS
            print(
                "%d idle sessions, %s: %.1f KiB each, of which %.1f KiB are declared DSP memory; %.1f KiB beyond"
                % (SESSIONS, name, each / 1024, declared / 1024, (each - declared) / 1024)
            )
            for call in calls:
                call.end()
        print(CHAIN)


if __name__ == "__main__":
    main()
