"""What a client makes of the server's responses, without a server."""

import unittest

import numpy as np

import patchbay as pb
from patchbay.audio import Inputs
from patchbay.config import run_config, session_config
from patchbay.exchange import Exchange
from patchbay.v1 import audio_pb2, control_pb2, patchbay_pb2, session_pb2

RATE = 1000
STEREO = audio_pb2.AudioFormat(sample_rate_hz=RATE, num_channels=2)
MONO = audio_pb2.AudioFormat(sample_rate_hz=2 * RATE, num_channels=1)


def exchange(**info):
    info = session_pb2.StreamInfo(inputs=[STEREO], sample_rate_hz=RATE, **info)
    ready = patchbay_pb2.Ready(info=info)
    return Exchange(patchbay_pb2.ProcessResponse(ready=ready))


def audio(stream, start, *values):
    samples = np.array(values, "<f4").tobytes()
    chunk = audio_pb2.AudioChunk(stream=stream, start_frame=start, samples=samples)
    return patchbay_pb2.ProcessResponse(audio=chunk)


def control(stream, start, per_value, *values):
    chunk = control_pb2.ControlChunk(
        stream=stream,
        start_frame=start,
        frames_per_value=per_value,
        values=np.array(values, "<f4").tobytes(),
    )
    return patchbay_pb2.ProcessResponse(control=chunk)


def end(*frames):
    return patchbay_pb2.ProcessResponse(
        end=patchbay_pb2.End(frames=frames, report=patchbay_pb2.Report(text="text"))
    )


class PendingOutputsTest(unittest.TestCase):
    OUTPUTS = patchbay_pb2.ProcessResponse(
        outputs=patchbay_pb2.Outputs(
            outputs=[MONO, STEREO],
            control_outputs=[session_pb2.ControlOutput(name="level.rms_db")],
            length_frames=[3, 1],
        )
    )

    def test_formats_come_before_the_audio(self):
        session = exchange(outputs_pending=True, outputs_at_own_pace=True)
        self.assertFalse(session.is_live)
        requests = list(session.run(Inputs.of(np.zeros((2, 5), np.float32)), None))
        self.assertEqual([r.WhichOneof("kind") for r in requests], ["audio", "flush", "end"])
        self.assertFalse(session.is_answered())
        for response in (
            control(0, 0, 1, 7, 8),  # before its output is told
            self.OUTPUTS,
            audio(0, 0, 1, 2),
            audio(1, 0, 5, 6),
            audio(0, 2, 3),
            patchbay_pb2.ProcessResponse(flushed=patchbay_pb2.Flushed(output_frames=[3, 1])),
            end(3, 1),
        ):
            session.receive(response)
        self.assertTrue(session.is_answered() and session.has_ended())
        result = session.result(flatten=False)
        self.assertEqual([clip.tolist() for clip in result.clips], [[[1, 2, 3]], [[5], [6]]])
        self.assertEqual(result.sample_rates, [2 * RATE, RATE])
        self.assertEqual(result.controls["level.rms_db"].values.tolist(), [7, 8])

    def test_the_next_clip_can_have_other_outputs(self):
        session = exchange(outputs_pending=True, outputs_at_own_pace=True)
        flushed = patchbay_pb2.ProcessResponse(flushed=patchbay_pb2.Flushed())
        session.receive(self.OUTPUTS)
        session.receive(audio(0, 0, 1, 2))
        session.receive(flushed)
        self.assertEqual(session.take_audio()[0].tolist(), [[1, 2]])
        outputs = patchbay_pb2.Outputs(outputs=[MONO])
        session.receive(patchbay_pb2.ProcessResponse(outputs=outputs))
        session.receive(audio(0, 0, 3))
        session.receive(flushed)
        self.assertEqual([clip.tolist() for clip in session.take_audio()], [[[3]]])
        session.receive(end(3, 0))

    def test_nobody_waits_for_what_comes_at_the_end(self):
        for info in (
            {"outputs_pending": True},
            {"outputs": [MONO]},
        ):
            session = exchange(outputs_at_own_pace=True, **info)
            list(session.audio(Inputs.of(np.zeros((2, 5), np.float32))))
            self.assertTrue(session.is_answered())
            session.flush()
            self.assertFalse(session.is_answered())

    def test_chunks_that_do_not_fit_are_an_error(self):
        for responses in (
            [audio(0, 0, 1)],
            [self.OUTPUTS, audio(2, 0, 1)],
            [self.OUTPUTS, audio(0, 1, 1)],
            [self.OUTPUTS, audio(0, 0, 1), end(2, 0)],
        ):
            session = exchange(outputs_pending=True, outputs_at_own_pace=True)
            with self.assertRaises(pb.DataLoss):
                for response in responses:
                    session.receive(response)


class ControlsTest(unittest.TestCase):
    def test_times_of_control_values(self):
        session = exchange(control_outputs=[session_pb2.ControlOutput(name="a")])
        session.receive(control(0, 0, 10, 1, 2))
        first = session.take_controls()["a"]
        session.receive(control(0, 20, 10, 3))
        second = session.take_controls()["a"]
        np.testing.assert_allclose(first.times_seconds, [0, 0.01])
        np.testing.assert_allclose(second.times_seconds, [0.02])
        np.testing.assert_array_equal(np.concatenate([first, second]), [1, 2, 3])

    def test_changes_can_be_curves(self):
        session = exchange()
        requests = session.set(
            "gain", {"gain_db": pb.Curve([(0, -60), (1, 0)]), "other": np.zeros(3)}, 100
        )
        self.assertEqual([r.control.start_frame for r in requests], [100, 100])
        self.assertEqual(len(requests[0].control.signal.breakpoints.points), 2)
        self.assertEqual(len(requests[1].control.signal.samples.values), 12)
        with self.assertRaisesRegex(TypeError, "gain_db must be a number"):
            session.set("", {"gain_db": pb.EnvelopeFollower()}, None)


class InputsTest(unittest.TestCase):
    def test_inputs_by_name(self):
        inputs = Inputs.of({"voice": np.zeros((2, 5)), "music": np.zeros(3)})
        config = run_config(pb.input("voice") + pb.input("music"), RATE, inputs, None, True)
        self.assertEqual(list(config.input_names), ["voice", "music"])
        self.assertEqual([format.num_channels for format in config.inputs], [2, 1])
        config = session_config("voice + music", RATE, {"voice": 2, "music": 1}, None)
        self.assertEqual(list(config.input_names), ["voice", "music"])
        self.assertEqual([format.num_channels for format in config.inputs], [2, 1])
        reordered = inputs.in_order(["music", "voice"])
        self.assertEqual([array.shape for array in reordered.arrays], [(1, 3), (2, 5)])
        with self.assertRaisesRegex(TypeError, "named voice, music.* without names"):
            inputs.in_order([])
        with self.assertRaisesRegex(TypeError, "input 'voice'.*NumPy"):
            Inputs.of({"voice": [0, 1]})


if __name__ == "__main__":
    unittest.main()
