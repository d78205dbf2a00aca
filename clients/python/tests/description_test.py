import unittest

import numpy as np
from google.protobuf import text_format

import patchbay as pb
from patchbay.encoder import Encoder
from patchbay.v1 import description_pb2


class DescriptionTest(unittest.TestCase):
    def assert_encodes(self, description, text):
        expected = text_format.Parse(text, description_pb2.Description())
        self.assertEqual(Encoder(48000).description(description), expected)

    def test_text_is_left_to_the_server(self):
        self.assert_encodes("gain(-3dB)", 'text: "gain(-3dB)"')

    def test_a_processor_sends_what_differs_from_its_defaults(self):
        self.assert_encodes(pb.Gain(), 'expression { call { processor: "gain" } }')
        self.assert_encodes(
            pb.Gain(gain_db=-3, name="pre"),
            """expression { call { processor: "gain" name: "pre"
                 arguments { key: "gain_db" value { number: -3 } } } }""",
        )

    def test_a_chain_is_flat_however_it_was_joined(self):
        text = """expression { chain {
            steps { input { index: 1 } }
            steps { call { processor: "gain" } }
            steps { call { processor: "invert" } } } }"""
        self.assert_encodes(pb.Input(1) | pb.Gain() | pb.Invert(), text)
        self.assert_encodes(pb.Input(1) | (pb.Gain() | pb.Invert()), text)

    def test_every_type_of_value(self):
        self.assert_encodes(
            pb.Compressor(
                ratio=np.float32(2), link=False, sidechain=pb.Input(1) | pb.Gain()
            ),
            """expression { call { processor: "compressor"
                 arguments { key: "ratio" value { number: 2 } }
                 arguments { key: "link" value { boolean: false } }
                 arguments { key: "sidechain" value { expression { chain {
                   steps { input { index: 1 } } steps { call { processor: "gain" } } } } } } } }""",
        )
        self.assert_encodes(
            pb.EnvelopeFollower(mode="rms"),
            """expression { call { processor: "envelope_follower"
                 arguments { key: "mode" value { choice: "rms" } } } }""",
        )
        for weights in ([0.5, 1], (0.5, 1), np.array([0.5, 1])):
            self.assert_encodes(
                pb.Mix(weights=weights),
                """expression { call { processor: "mix"
                     arguments { key: "weights" value { numbers { values: [0.5, 1] } } } } }""",
            )

    def test_clips_travel_beside_the_description_once_each(self):
        impulse = pb.Clip(np.ones((1, 4)), 44100)
        encoder = Encoder(48000, {"hall": np.zeros((2, 3))})
        encoder.description(
            pb.Convolution(impulse=impulse)
            | pb.Convolution(impulse=impulse)
            | pb.Convolution(impulse=np.ones(5))
        )
        rates = {name: clip.format.sample_rate_hz for name, clip in encoder.clips.items()}
        self.assertEqual(rates, {"hall": 48000, "clip_1": 44100, "clip_2": 48000})

    def test_what_is_no_description_is_a_type_error(self):
        with self.assertRaisesRegex(TypeError, "not int"):
            Encoder(48000).description(3)
        with self.assertRaises(TypeError):
            pb.Gain() | 3
        with self.assertRaisesRegex(TypeError, r"Gain\.gain_db cannot be None"):
            Encoder(48000).description(pb.Gain(gain_db=None))

    def test_prints_as_it_is_written(self):
        self.assertEqual(
            repr(pb.Gain(gain_db=-3) | pb.Compressor(ratio=2, sidechain=pb.Input(1))),
            "Gain(gain_db=-3) | Compressor(sidechain=Input(index=1), ratio=2)",
        )


if __name__ == "__main__":
    unittest.main()
