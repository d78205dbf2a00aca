import unittest

import numpy as np
from google.protobuf import text_format

import patchbay as pb
from patchbay.encoder import Encoder
from patchbay.v1 import description_pb2

GAIN = 'call { processor: "gain" }'
INVERT = 'call { processor: "invert" }'


def argument(name: str, value: str) -> str:
    return f'arguments {{ key: "{name}" value {{ {value} }} }}'


class EncodingTest(unittest.TestCase):
    def assert_encodes(self, description, text):
        expected = text_format.Parse(f"expression {{ {text} }}", description_pb2.Description())
        self.assertEqual(Encoder(48000).description(description), expected)


class OperatorsTest(EncodingTest):
    def test_lists_before_a_processor(self):
        text = f"""chain {{ steps {{ list {{ items {{ {GAIN} }} items {{ {INVERT} }} }} }}
                           steps {{ call {{ processor: "mix" }} }} }}"""
        self.assert_encodes([pb.Gain(), pb.Invert()] | pb.Mix(), text)
        self.assert_encodes(pb.List(pb.Gain(), pb.Invert()) | pb.Mix(), text)

    def test_arithmetic(self):
        number = "{ signal { constant: %s } }"
        for expression, operator, left, right in [
            (pb.Gain() + pb.Invert(), "ADD", f"{{ {GAIN} }}", f"{{ {INVERT} }}"),
            (pb.Gain() - pb.Invert(), "SUBTRACT", f"{{ {GAIN} }}", f"{{ {INVERT} }}"),
            (0.5 * pb.Gain(), "MULTIPLY", number % 0.5, f"{{ {GAIN} }}"),
            (np.float32(0.5) * pb.Gain(), "MULTIPLY", number % 0.5, f"{{ {GAIN} }}"),
            (pb.Gain() * 2, "MULTIPLY", f"{{ {GAIN} }}", number % 2),
            (pb.Gain() / 2, "DIVIDE", f"{{ {GAIN} }}", number % 2),
            (1 - pb.Gain(), "SUBTRACT", number % 1, f"{{ {GAIN} }}"),
            (1 / pb.Gain(), "DIVIDE", number % 1, f"{{ {GAIN} }}"),
            (3 + pb.Gain(), "ADD", number % 3, f"{{ {GAIN} }}"),
            (-pb.Gain(), "MULTIPLY", number % -1, f"{{ {GAIN} }}"),
        ]:
            self.assert_encodes(
                expression,
                f"arithmetic {{ operator: OPERATOR_{operator} left {left} right {right} }}",
            )

    def test_multiplication_binds_closer_than_a_chain(self):
        self.assert_encodes(
            0.5 * pb.input(0) | pb.Gain(),
            f"""chain {{ steps {{ arithmetic {{ operator: OPERATOR_MULTIPLY
                left {{ signal {{ constant: 0.5 }} }} right {{ input {{ index: 0 }} }} }} }}
                steps {{ {GAIN} }} }}""",
        )

    def test_an_array_beside_an_operator_is_a_curve(self):
        values = np.array([1, 2], np.float32)
        for product in (values * pb.Gain(), pb.Gain() * values):
            self.assertIsInstance(product, pb.Arithmetic)
        message = Encoder(48000).description(values * pb.Gain())
        samples = message.expression.arithmetic.left.signal.samples
        self.assertEqual(samples.values, values.tobytes())

    def test_selections(self):
        self.assert_encodes(pb.input()[1], "selection { of { input { } } index: 1 }")
        self.assert_encodes(
            pb.Level().output("rms_db"),
            'selection { of { call { processor: "level" } } output: "rms_db" }',
        )
        for wrong in (True, "rms_db", 1.0, slice(1)):
            with self.assertRaisesRegex(TypeError, "output"):
                pb.input()[wrong]
        with self.assertRaises(ValueError):
            pb.input()[-1]
        with self.assertRaises(TypeError):
            list(pb.input())

    def test_inputs_by_number_and_by_name(self):
        self.assert_encodes(pb.input(1), "input { index: 1 }")
        self.assert_encodes(pb.input(), "input { }")
        self.assert_encodes(pb.input("voice"), 'reference { name: "voice" }')

    def test_audio_given_to_a_processor_feeds_its_ports(self):
        voice = "expression { input { index: 1 } }"
        self.assert_encodes(
            pb.EnvelopeFollower(pb.input(1)),
            f'call {{ processor: "envelope_follower" {argument("in", voice)} }}',
        )
        self.assert_encodes(
            pb.Mix([pb.input(1)]),
            f"""call {{ processor: "mix"
                {argument("in", "expression { list { items { input { index: 1 } } } }")} }}""",
        )
        for call in (
            pb.Compressor(pb.input(0), pb.input(1)),
            pb.Compressor(pb.input(0), sidechain=pb.input(1)),
        ):
            self.assert_encodes(
                call,
                f"""call {{ processor: "compressor" {argument("sidechain", voice)}
                    {argument("in", "expression { input { index: 0 } }")} }}""",
            )
        with self.assertRaisesRegex(TypeError, "audio input.*parameters by name"):
            pb.Gain(-3)

    def test_what_cannot_be_joined(self):
        with self.assertRaisesRegex(TypeError, "after | comes a processor"):
            pb.Gain() | pb.input(0)
        for wrong in (lambda: pb.Gain() | pb.Reverb, lambda: pb.List(pb.Reverb)):
            with self.assertRaisesRegex(TypeError, r"write Reverb\(\)"):
                wrong()
        with self.assertRaisesRegex(TypeError, r"write Reverb\(\)"):
            Encoder(48000).description(pb.Reverb)
        for wrong in (1, None, np.zeros(2)):
            with self.assertRaises(TypeError):
                pb.Gain() | wrong
            with self.assertRaises(TypeError):
                wrong | pb.Gain()
        for wrong in ("gain", None, True, [1]):
            with self.assertRaises(TypeError):
                pb.Gain() + wrong

    def test_text_is_a_part_like_any_other(self):
        gain = 'steps { call { processor: "gain" } }'
        self.assert_encodes("lowpass" | pb.Gain(), f'chain {{ steps {{ text: "lowpass" }} {gain} }}')
        self.assert_encodes(pb.Gain() | "lowpass", f'chain {{ {gain} steps {{ text: "lowpass" }} }}')
        self.assert_encodes(pb.text("a | b") | "c", 'chain { steps { text: "a | b" } steps { text: "c" } }')
        self.assert_encodes(
            ["a", pb.text("b")] | pb.Gain(),
            f'chain {{ steps {{ list {{ items {{ text: "a" }} items {{ text: "b" }} }} }} {gain} }}',
        )
        self.assert_encodes(
            -pb.text("in"),
            '''arithmetic { operator: OPERATOR_MULTIPLY
                left { signal { constant: -1 } } right { text: "in" } }''',
        )
        self.assert_encodes(
            pb.Gain(gain_db=pb.text("lfo(2Hz)")),
            f'''call {{ processor: "gain" {argument("gain_db", 'expression { text: "lfo(2Hz)" }')} }}''',
        )
        self.assert_encodes(
            ["a", pb.Gain()], 'graph { outputs { text: "a" } outputs { call { processor: "gain" } } }'
        )
        self.assert_encodes(
            pb.graph("0.5 * x", x="reverb()"),
            '''graph { definitions { name: "x" expression { text: "reverb()" } }
                outputs { text: "0.5 * x" } }''',
        )

    def test_a_text_that_is_used_twice_is_one_node(self):
        both = pb.text("reverb()")
        self.assert_encodes(
            both + both,
            '''graph { definitions { name: "shared" expression { text: "reverb()" } }
                outputs { arithmetic { operator: OPERATOR_ADD left { reference { name: "shared" } }
                    right { reference { name: "shared" } } } } }''',
        )

    def test_prints_as_it_is_written(self):
        a, b = pb.Gain(), pb.Invert()
        for expression, text in [
            ((a | b) * 2, "(Gain() | Invert()) * 2"),
            (a - (b + 1), "Gain() - (Invert() + 1)"),
            ((a + b)[1], "(Gain() + Invert())[1]"),
            (pb.Level().output("rms_db"), "Level().output('rms_db')"),
            (pb.EnvelopeFollower(pb.input(1)), "EnvelopeFollower(Input(index=1))"),
            (pb.List(a, b), "List(Gain(), Invert())"),
        ]:
            self.assertEqual(repr(expression), text)


class ControlsTest(EncodingTest):
    def assert_signal(self, control, text):
        self.assert_encodes(
            pb.Gain(gain_db=control),
            f"""call {{ processor: "gain"
                {argument("gain_db", f"expression {{ signal {{ {text} }} }}")} }}""",
        )

    def test_what_moves_a_parameter(self):
        self.assert_encodes(
            pb.Gain(gain_db=-24 * pb.EnvelopeFollower()),
            f"""call {{ processor: "gain" {argument("gain_db", '''expression { arithmetic {
                operator: OPERATOR_MULTIPLY left { signal { constant: -24 } }
                right { call { processor: "envelope_follower" } } } }''')} }}""",
        )

    def test_curves(self):
        self.assert_signal(
            pb.Curve([(0, -60), (1.5, 0, "exponential"), (pb.frame(96000), -6, "step")]),
            """breakpoints { points { time_seconds: 0 value: -60 }
                 points { time_seconds: 1.5 value: 0 curve: CURVE_EXPONENTIAL }
                 points { frame: 96000 value: -6 curve: CURVE_STEP } }""",
        )
        for points, error in [
            ([], ValueError),
            ([(0, 1, "cubic")], ValueError),
            ([0, 1], TypeError),
            ([("now", 1)], TypeError),
            ([(0, None)], TypeError),
        ]:
            with self.assertRaises(error):
                pb.Curve(points)

    def test_samples(self):
        values = r'values: "\000\000\000\000\000\000\200?"'  # 0 and 1
        self.assert_signal(np.array([0.0, 1.0]), f"samples {{ {values} curve: CURVE_LINEAR }}")
        self.assert_signal(
            pb.Samples([0, 1], rate_hz=100, curve="step"),
            f"samples {{ rate_hz: 100 {values} curve: CURVE_STEP }}",
        )
        for wrong, error in [
            (lambda: pb.Samples(np.zeros((2, 2))), TypeError),
            (lambda: pb.Samples([]), TypeError),
            (lambda: pb.Samples([1], rate_hz=0), ValueError),
            (lambda: pb.Samples([1], curve="smooth"), ValueError),
        ]:
            with self.assertRaises(error):
                wrong()

    def test_samples_are_copied(self):
        values = np.ones(2, np.float32)
        gain = pb.Gain(gain_db=values)
        values[:] = 7
        self.assertEqual(gain.gain_db.values.tolist(), [1, 1])

    def test_a_number_in_an_array_is_a_number(self):
        self.assertEqual(pb.Gain(gain_db=np.array(-3.0)), pb.Gain(gain_db=-3))

    def test_balance_is_a_parameter_of_what_streams_a_clip(self):
        self.assert_encodes(
            pb.Delay(balance=0.5),
            f'call {{ processor: "delay" {argument("balance", "number: 0.5")} }}',
        )
        with self.assertRaises(TypeError):
            pb.Oscillator(balance=0.5)
        with self.assertRaises(TypeError):
            pb.Mix(balance=0.5)


if __name__ == "__main__":
    unittest.main()
