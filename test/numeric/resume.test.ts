import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { RunFolder } from '../../src/cli/runFolder';
import { Experiment } from '../../src/train/experiment';
import { openFixtureRun } from './fixtureRun';
import { eachBackend } from './setup';

eachBackend(() => {
  it.each(['prompts-sgd', 'full-adamw'])(
    '%s, stopped and resumed from its file, comes to the same numbers',
    async (name) => {
      const change = { train: { shuffle: true, schedule: 'cosine', augment: 'crop-flip' } };
      const whole = await Experiment.load(await openFixtureRun(name, change), {});
      const expected = [];
      const folder = new RunFolder(await fs.mkdtemp(path.join(os.tmpdir(), 'resume-')));
      const about = { run: 'the run', device: 'this one', evaluations: [] };
      await folder.startMetrics([]);
      while (!whole.isFinished) {
        const metrics = { ...(await whole.train(await whole.nextBatch())), imagesPerSecond: 1 };
        expected.push(metrics);
        folder.appendMetrics(metrics);
        if (whole.step <= 3) await folder.writeCheckpoint(await whole.snapshot(), about);
      }
      const final = (await whole.exportStudent()).tensors;
      whole.dispose();

      await expect(folder.readCheckpoint('another run')).rejects.toThrow(/another run/);
      const stopped = await folder.readCheckpoint('the run');
      if (!stopped) throw new Error('there is no checkpoint');
      expect(stopped.metrics).toEqual(expected.slice(0, 3));
      const resumed = await Experiment.load(await openFixtureRun(name, change), {});
      await resumed.restore(stopped.snapshot);
      const rest = [];
      while (!resumed.isFinished)
        rest.push({ ...(await resumed.train(await resumed.nextBatch())), imagesPerSecond: 1 });
      expect(rest).toEqual(expected.slice(3));
      expect((await resumed.exportStudent()).tensors).toEqual(final);
      resumed.dispose();
      await fs.rm(folder.path, { recursive: true });
    },
  );
});
