import asyncio
import unittest

import numpy as np

import patchbay as pb

RATE = 48000
NOISE = np.random.default_rng(1).uniform(-0.5, 0.5, (2, 300_000)).astype(np.float32)


class AioTest(unittest.IsolatedAsyncioTestCase):
    async def test_process_gives_what_the_synchronous_one_gives(self):
        description = pb.Highpass(cutoff_hz=80) | pb.Delay(delay_seconds=0.01)
        np.testing.assert_array_equal(
            await pb.aio.process(description, NOISE, RATE), pb.process(description, NOISE, RATE)
        )

    async def test_streams_run_side_by_side(self):
        async def run(server, gain):
            async with server.open(pb.Scale(mult=gain), RATE, channels=2) as stream:
                out = [await stream.process(NOISE[:, i : i + 1000]) for i in range(0, 50000, 1000)]
                self.assertEqual(stream.position, 50000)
                out.append(await stream.flush())
                self.assertEqual(stream.position, 0)
            np.testing.assert_allclose(np.concatenate(out, axis=1), NOISE[:, :50000] * gain)

        async with pb.aio.connect() as server:
            await asyncio.gather(*(run(server, gain) for gain in (1, 2, 3, 4)))

    async def test_set_reset_and_controls(self):
        async with pb.aio.connect() as server:
            async with server.open(pb.Gain(), RATE, channels=2) as stream:
                stream.set(gain_db=-20)
                quiet = await stream.process(NOISE[:, :5000])
                np.testing.assert_allclose(quiet[:, 4000:], NOISE[:, 4000:5000] / 10, rtol=1e-5)
                await stream.reset()
                self.assertEqual(stream.position, 0)
            async with server.open(pb.EnvelopeFollower(), RATE, channels=2) as stream:
                await stream.process(NOISE[:, :500])
                self.assertEqual(len(stream.take_controls()["envelope_follower.envelope"]), 500)
            async with server.open(pb.Noise(), RATE) as stream:
                self.assertEqual((await stream.pull(500)).shape, (1, 500))

    async def test_errors_are_the_same(self):
        with self.assertRaisesRegex(pb.InvalidArgument, "-120 to 60"):
            await pb.aio.process(pb.Gain(gain_db=1000), NOISE, RATE)
        audio = NOISE.copy()
        audio[0, 200_000] = np.inf
        async with pb.aio.connect() as server:
            for _ in range(20):  # whatever is on its way when the server says so
                with self.assertRaisesRegex(pb.InvalidArgument, "200000"):
                    await server.process(pb.Gain(), audio, RATE)
        with self.assertRaises(TypeError):
            await pb.aio.process(pb.Gain(), NOISE.astype(int), RATE)
        with self.assertRaises(pb.DeadlineExceeded):
            await pb.aio.process(pb.Noise(), sample_rate=RATE, num_frames=2 * 10**8, timeout=0.2)

    async def test_progress_is_told_in_the_event_loop(self):
        loop = asyncio.get_running_loop()
        seen = []

        def progress(*step):
            self.assertIs(asyncio.get_running_loop(), loop)
            seen.append(step)

        await pb.aio.process(pb.Gain(), NOISE, RATE, progress=progress)
        await asyncio.sleep(0)
        self.assertEqual(seen[-1], (1.0, "done"))

    async def test_a_cancelled_task_ends_its_session(self):
        async with pb.aio.connect() as server:
            task = asyncio.create_task(
                server.process(pb.Noise(), sample_rate=RATE, num_frames=2 * 10**8)
            )
            await server.processors()
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task
            self.assertEqual((await server.process(pb.Gain(), NOISE, RATE)).shape, NOISE.shape)

    async def test_the_catalogue_and_validate(self):
        async with pb.aio.connect() as server:
            self.assertIn("gain", [spec.name for spec in await server.processors()])
            answer = await server.validate("gain(-3dB)", RATE, channels=2)
            self.assertEqual(answer.text, "gain(gain_db=-3)")


if __name__ == "__main__":
    unittest.main()
