import os
import pathlib
import tempfile
import unittest
from unittest import mock

import patchbay as pb
from patchbay.show import Drawing

DUCK = pb.EnvelopeFollower(pb.input("voice"), attack_seconds=0.01)
DUCKED = pb.input(0) | pb.Gain(gain_db=-24 * DUCK) | pb.Pan(position=DUCK)


class TextTest(unittest.TestCase):
    def assert_shows(self, description, *lines):
        self.assertEqual(sorted(repr(pb.show(description)).splitlines()), sorted(lines))

    def test_a_line_for_each_node(self):
        self.assert_shows(
            DUCKED,
            "in[0]",
            "voice",
            "envelope_follower(attack_seconds=0.01)  <-  voice",
            "-24 *  <-  envelope_follower",
            "gain  <-  in[0], gain_db: -24 *",
            "pan  <-  gain, position: envelope_follower",
            "out  <-  pan",
        )

    def test_lists_selections_and_names(self):
        level = pb.Level(name="meter")
        self.assert_shows(
            pb.graph([[pb.Gain(), pb.Invert()] | pb.Mix(weights=[1, 0.5]), level.output("rms_db")]),
            "in",
            "gain  <-  in",
            "invert  <-  in",
            "mix(weights=[1, 0.5])  <-  gain, invert",
            "meter: level  <-  in",
            "out 0  <-  mix",
            "out 1  <-  meter.rms_db",
        )

    def test_text_is_parsed_wherever_it_stands(self):
        lines = ["in", "highpass(cutoff_hz=90)  <-  in", "gain(gain_db=3)  <-  highpass", "out  <-  gain"]
        self.assert_shows("highpass(90Hz)" | pb.Gain(gain_db=3), *lines)
        self.assert_shows("highpass(90Hz) | gain(3)", *lines)

    def test_circles(self):
        echo = pb.input(0) + 0.5 * pb.ref("echo") | pb.Delay(delay_seconds=0.1)
        self.assert_shows(
            pb.graph(pb.ref("echo"), echo=echo),
            "in[0]",
            "+  <-  in[0], 0.5 *",
            "0.5 *  <-  echo",
            "delay(delay_seconds=0.1)  <-  +",
            "echo  <-  delay",
            "out  <-  delay",
        )

    def test_curves(self):
        self.assert_shows(
            pb.Gain(gain_db=pb.Curve([(0, 0), (1, -6)])),
            "in",
            "curve(2 points)",
            "gain  <-  gain_db: curve, in",
            "out  <-  gain",
        )


class PictureTest(unittest.TestCase):
    def setUp(self):
        self.place = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(mock.patch.dict(os.environ, PATH=self.place))

    def dot(self, script):
        program = pathlib.Path(self.place, "dot")
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def test_without_graphviz_there_is_text(self):
        self.assertIsNone(pb.show(DUCKED)._repr_svg_())

    def test_with_graphviz_there_is_a_picture(self):
        self.dot('[ "$1" = -Tsvg ] && while read -r line; do echo "$line"; done')
        svg = pb.show(DUCKED)._repr_svg_()
        self.assertTrue(svg.startswith("digraph {"))
        self.assertIn('label="gain_db", style=dashed', svg)

    def test_a_graphviz_that_fails_is_none(self):
        self.dot("exit 1")
        self.assertIsNone(pb.show(DUCKED)._repr_svg_())

    def test_labels_are_quoted(self):
        drawing = pb.show(pb.Gain(name='a "b" \\'))
        self.assertIsInstance(drawing, Drawing)
        self.assertIn(r'label="a \"b\" \\: gain"', drawing.dot)


if __name__ == "__main__":
    unittest.main()
