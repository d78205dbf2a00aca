"""Sessions that outlive their streams."""

import unittest

import numpy as np

import patchbay as pb

RATE = 48000
NOISE = np.random.default_rng(1).uniform(-0.5, 0.5, (2, 3000)).astype(np.float32)
ECHO = pb.Delay(delay_seconds=0.01, feedback=0.5) | pb.Reverb()


class SessionTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(pb.connect())

    def create(self, *arguments, **options):
        session = self.server.create_session(*arguments, **options)
        self.addCleanup(self.server.delete_session, session)
        return session

    def test_goes_on_from_stream_to_stream(self):
        whole = self.server.process(ECHO, NOISE, RATE)
        session = self.create(ECHO, RATE, channels=2)
        self.assertTrue(session.name.startswith("sessions/"))
        with self.server.attach(session) as stream:
            self.assertEqual((stream.session, stream.position), (session.name, 0))
            first = stream.process(NOISE[:, :1000])
        self.assertEqual(self.server.get_session(session).position_frames, 1000)
        with self.server.attach(session.name) as stream:
            self.assertEqual(stream.position, 1000)
            out = [first, stream.process(NOISE[:, 1000:]), stream.flush()]
        np.testing.assert_array_equal(np.concatenate(out, axis=1), whole)

    def test_checkpoints_are_opened_and_created_from(self):
        whole = self.server.process(ECHO, NOISE, RATE)[:, :3000]
        with self.server.open(ECHO, RATE, channels=2) as stream:
            stream.process(NOISE[:, :1000])
            saved = self.server.checkpoint_session(stream.session)
        self.assertIsInstance(saved, bytes)
        with self.server.open(checkpoint=saved) as stream:
            np.testing.assert_array_equal(stream.process(NOISE[:, 1000:]), whole[:, 1000:])
        with self.server.attach(self.create(checkpoint=saved)) as stream:
            self.assertEqual(stream.position, 1000)
            np.testing.assert_array_equal(stream.process(NOISE[:, 1000:]), whole[:, 1000:])
        with self.assertRaises(pb.InvalidArgument):
            self.server.open(checkpoint=saved[:-1])

    def test_control_outputs_go_on(self):
        follower = pb.EnvelopeFollower()
        whole = self.server.run(follower, NOISE, RATE).controls["envelope_follower.envelope"]
        session = self.create(follower, RATE, channels=2)
        values = []
        for part in (NOISE[:, :1000], NOISE[:, 1000:]):
            with self.server.attach(session) as stream:
                stream.process(part)
                values.append(stream.take_controls()["envelope_follower.envelope"])
        np.testing.assert_array_equal(np.concatenate(values), whole)
        self.assertEqual(values[1].times_seconds[0], 1000 / RATE)

    def test_inputs_keep_their_names(self):
        session = self.create("music - voice", RATE, {"voice": 2, "music": 2})
        with self.server.attach(session) as stream:
            y = stream.process({"music": NOISE, "voice": NOISE / 2})
        np.testing.assert_allclose(y, NOISE / 2, atol=1e-6)

    def test_is_listed_until_it_is_deleted(self):
        session = self.server.create_session("gain()", RATE, channels=1, lease_seconds=60)
        self.assertEqual(session.expire_time.seconds - session.create_time.seconds, 60)
        self.assertIn(session.name, [one.name for one in self.server.list_sessions()])
        self.server.delete_session(session)
        self.assertNotIn(session.name, [one.name for one in self.server.list_sessions()])
        for use in (self.server.attach, self.server.get_session, self.server.delete_session):
            with self.assertRaises(pb.NotFound):
                use(session)

    def test_one_stream_at_a_time(self):
        session = self.create(pb.Gain(), RATE, channels=1)
        with self.server.attach(session):
            with self.assertRaises(pb.FailedPrecondition):
                self.server.attach(session)

    def test_a_checkpoint_comes_alone(self):
        with self.assertRaisesRegex(TypeError, "alone"):
            self.server.open(pb.Gain(), checkpoint=b"x")
        with self.assertRaisesRegex(TypeError, "description is missing"):
            self.server.create_session(sample_rate=RATE)


class AioSessionTest(unittest.IsolatedAsyncioTestCase):
    async def test_the_same_for_asyncio(self):
        whole = pb.process(ECHO, NOISE, RATE)[:, :3000]
        async with pb.aio.connect() as server:
            session = await server.create_session(ECHO, RATE, channels=2, lease_seconds=60)
            async with server.attach(session) as stream:
                self.assertEqual(stream.session, session.name)
                await stream.process(NOISE[:, :1000])
            self.assertEqual((await server.get_session(session)).position_frames, 1000)
            self.assertIn(session.name, [one.name for one in await server.list_sessions()])
            saved = await server.checkpoint_session(session)
            await server.delete_session(session)
            async with server.open(checkpoint=saved) as stream:
                y = await stream.process(NOISE[:, 1000:])
        np.testing.assert_array_equal(y, whole[:, 1000:])


if __name__ == "__main__":
    unittest.main()
