import dataclasses
import inspect
import unittest

import patchbay as pb
from patchbay import processors
from patchbay.v1 import processor_spec_pb2 as spec_pb2


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
                number = (int, float)
                kinds = {"Control": number, "float": number, "int": int, "bool": bool, "str": str}
                kind = kinds.get(field.type)
                if kind and field.default is not dataclasses.MISSING:
                    self.assertIsInstance(field.default, kind, f"{name}.{field.name}")

    def test_what_can_move_and_what_takes_audio_is_as_in_the_tables(self):
        with pb.connect() as server:
            for spec in server.processors():
                (cls,) = [
                    getattr(pb, name)
                    for name in processors.__all__
                    if getattr(pb, name).PROCESSOR == spec.name
                ]
                moving = {p.name for p in spec.parameters if p.rate != spec_pb2.RATE_FIXED}
                self.assertEqual(set(cls.CONTROLS) - {"balance"}, moving - {"balance"})
                ports = [port.name for port in spec.inputs]
                self.assertEqual([port.removesuffix("_") for port in cls.PORTS], ports)

    def test_balance_is_taken_where_the_server_takes_it(self):
        with pb.connect() as server:
            streaming = {
                spec.name
                for spec in server.processors()
                if spec.timing == spec_pb2.TIMING_STREAMING
            }
            for name in processors.__all__:
                cls = getattr(pb, name)
                required = [
                    field
                    for field in dataclasses.fields(cls)
                    if field.default is dataclasses.MISSING
                ]
                if required or cls.PROCESSOR not in streaming:
                    continue
                text = f"{cls.PROCESSOR}(balance=0.5)"
                channels = 2 if cls.PORTS else ()
                if "balance" in cls.CONTROLS and len(cls.PORTS) < 2:
                    server.validate(text, 48000, channels)
                elif "balance" not in cls.CONTROLS:
                    with self.assertRaises(pb.InvalidArgument, msg=text):
                        server.validate(text, 48000, channels)

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
