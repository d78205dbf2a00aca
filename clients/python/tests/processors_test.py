import dataclasses
import inspect
import unittest

import patchbay as pb
from patchbay import processors


class ProcessorsTest(unittest.TestCase):
    def test_the_classes_are_those_of_the_server(self):
        classes = {getattr(pb, name).PROCESSOR: getattr(pb, name) for name in processors.__all__}
        with pb.connect() as server:
            specs = {spec.name: spec for spec in server.processors()}
        self.assertEqual(classes.keys(), specs.keys())
        for name, spec in specs.items():
            doc = inspect.getdoc(classes[name])
            self.assertEqual(doc.splitlines()[0], " ".join(spec.summary.split()))
            fields = {field.name for field in dataclasses.fields(classes[name])}
            self.assertLessEqual({parameter.name for parameter in spec.parameters}, fields)
            for field in fields:
                self.assertIn(f"\n    {field}: ", doc)

    def test_defaults_are_typed(self):
        for name in processors.__all__:
            for field in dataclasses.fields(getattr(pb, name)):
                kind = {"float": (int, float), "int": int, "bool": bool, "str": str}.get(field.type)
                if kind and field.default is not dataclasses.MISSING:
                    self.assertIsInstance(field.default, kind, f"{name}.{field.name}")

    def test_no_class_hides_something_else_of_the_package(self):
        for name in processors.__all__:
            self.assertIs(getattr(pb, name), getattr(processors, name))

    def test_values_are_frozen_and_comparable(self):
        self.assertEqual(pb.Gain(gain_db=-3), pb.Gain(gain_db=-3))
        self.assertNotEqual(pb.Gain(gain_db=-3), pb.Gain())
        with self.assertRaises(dataclasses.FrozenInstanceError):
            pb.Gain().gain_db = 3
        with self.assertRaises(TypeError):
            pb.Gain(-3)  # by name only: what -3 stands for is to be read
        with self.assertRaisesRegex(TypeError, "gain_bd"):
            pb.Gain(gain_bd=-3)


if __name__ == "__main__":
    unittest.main()
