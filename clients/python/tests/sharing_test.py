"""What is used twice is computed once."""

import unittest

from google.protobuf import text_format

import patchbay as pb
from patchbay.encoder import Encoder
from patchbay.v1 import description_pb2


def encoded(description, input_names=()):
    return Encoder(48000, input_names=input_names).description(description).expression


def graph(text):
    return text_format.Parse(f"graph {{ {text} }}", description_pb2.Expression())


class SharingTest(unittest.TestCase):
    def test_an_object_used_twice_is_defined(self):
        duck = pb.EnvelopeFollower(pb.input(1))
        self.assertEqual(
            encoded(pb.input(0) | pb.Gain(gain_db=-18 * duck) | pb.Pan(position=duck)),
            graph(
                """definitions { name: "envelope_follower" expression { call {
                     processor: "envelope_follower"
                     arguments { key: "in" value { expression { input { index: 1 } } } } } } }
                   outputs { chain {
                     steps { input { index: 0 } }
                     steps { call { processor: "gain" arguments { key: "gain_db" value {
                       expression { arithmetic { operator: OPERATOR_MULTIPLY
                         left { signal { constant: -18 } }
                         right { reference { name: "envelope_follower" } } } } } } } }
                     steps { call { processor: "pan" arguments { key: "position" value {
                       expression { reference { name: "envelope_follower" } } } } } } } }"""
            ),
        )

    def test_equal_objects_are_two(self):
        message = encoded(pb.Gain() + pb.Gain())
        self.assertEqual(message.WhichOneof("kind"), "arithmetic")

    def test_a_step_counts_with_what_comes_before_it(self):
        gain = pb.Gain()
        self.assertEqual(encoded(gain | gain).WhichOneof("kind"), "chain")
        apart = encoded([pb.Invert() | gain, pb.Pan() | gain] | pb.Mix())
        self.assertEqual(apart.WhichOneof("kind"), "chain")

    def test_chains_share_their_beginning(self):
        dry = pb.input(0) | pb.Highpass()
        self.assertEqual(
            encoded([dry | pb.Gain(), dry | pb.Invert() | pb.Pan()]),
            graph(
                """definitions { name: "shared" expression { chain {
                     steps { input { index: 0 } } steps { call { processor: "highpass" } } } } }
                   outputs { chain { steps { reference { name: "shared" } }
                     steps { call { processor: "gain" } } } }
                   outputs { chain { steps { reference { name: "shared" } }
                     steps { call { processor: "invert" } } steps { call { processor: "pan" } } } }
                """
            ),
        )

    def test_what_is_inside_of_what_is_shared_is_not_defined_itself(self):
        inner = pb.Highpass()
        both = inner | pb.Gain()
        message = encoded([both | pb.Invert(), both | pb.Pan()])
        self.assertEqual([d.name for d in message.graph.definitions], ["shared"])

    def test_definitions_are_named_as_the_nodes_would_be(self):
        level, other, named = pb.Level(), pb.Level(), pb.Level(name="meter")
        sums = [x + x for x in (level, other, named)]
        message = encoded(sums, input_names=["level"])
        self.assertEqual(
            [d.name for d in message.graph.definitions], ["level_2", "level_3", "meter"]
        )
        self.assertEqual(message.graph.definitions[2].expression.call.name, "")

    def test_sharing_many_times_over_stays_small(self):
        signal = pb.input(0) | pb.Gain()
        for _ in range(18):
            signal = signal + signal
        self.assertLess(encoded(signal).ByteSize(), 4000)


class GraphTest(unittest.TestCase):
    def test_names_are_for_the_objects_themselves(self):
        duck = pb.EnvelopeFollower()
        self.assertEqual(
            encoded(pb.graph(pb.Gain(gain_db=duck), duck=duck)),
            graph(
                """definitions { name: "duck" expression { call {
                     processor: "envelope_follower" } } }
                   outputs { call { processor: "gain" arguments { key: "gain_db" value {
                     expression { reference { name: "duck" } } } } } }"""
            ),
        )

    def test_circles(self):
        echo = pb.input(0) + 0.5 * pb.ref("echo") | pb.Delay()
        message = encoded(pb.graph(pb.ref("echo"), echo=echo))
        self.assertEqual(message.graph.outputs[0].reference.name, "echo")
        steps = message.graph.definitions[0].expression.chain.steps
        product = steps[0].arithmetic.right.arithmetic
        self.assertEqual(product.right.reference.name, "echo")

    def test_one_object_by_two_names(self):
        gain = pb.Gain()
        definitions = encoded(pb.graph(gain, a=gain, b=gain)).graph.definitions
        self.assertEqual(definitions[0].expression.call.processor, "gain")
        self.assertEqual(definitions[1].expression.reference.name, "a")

    def test_lists_have_several_outputs(self):
        message = encoded([pb.Gain(), pb.Level()])
        self.assertEqual(len(message.graph.outputs), 2)

    def test_what_is_no_graph(self):
        for wrong in ([], [3], ["gain()", None]):
            with self.assertRaises(TypeError):
                encoded(wrong)
        with self.assertRaises(TypeError):
            pb.graph([3])
        with self.assertRaises(TypeError):
            pb.graph(pb.Gain(), other=3)


if __name__ == "__main__":
    unittest.main()
