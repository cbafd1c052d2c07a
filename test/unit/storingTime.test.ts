import { afterEach, expect, it, vi } from 'vitest';
import { memoryStore } from '../../src/files/memoryStore';
import type { FileStore } from '../../src/files/storage';
import { setUpCheckpoints } from './setUpCheckpoints';

afterEach(() => vi.restoreAllMocks());

it.each([1, 40, 300, 5000])(
  'checkpoints take at most a twentieth of the time where storing takes %i ms',
  async (ms) => {
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const starts: number[] = [];
    const store = memoryStore();
    const append: FileStore['append'] = (...file) => {
      starts.push(now);
      now += ms;
      return store.append(...file);
    };
    const { run, begin, hear, step, snapshots, moments } = setUpCheckpoints({ ...store, append });
    begin('one');
    hear({ type: 'state', state: 'running' });
    for (let seen = 0; seen < 8; seen = snapshots()) {
      while (snapshots() === seen) {
        now += 20;
        step();
        await new Promise(setImmediate);
      }
      await expect.poll(() => moments().at(-1)).toBe(run.step);
      // One that is slower than can be known before comes too early once.
      if (now >= 20 * ms) expect((starts.length * ms) / now).toBeLessThanOrEqual(0.05);
    }
    expect(starts[0]).toBeLessThanOrEqual(7650);
    const between = starts.slice(2).map((start, i) => start - starts[i + 1]);
    // A fast one comes every second.
    expect(Math.max(...between)).toBeLessThanOrEqual(Math.max(1000 + ms, 20 * ms) + 20);
  },
);

it('checkpoints do not count the step that was under way when they were asked for', async () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const { run, begin, hear, step, moments } = setUpCheckpoints();
  run.finishStep = () => {
    now += 4000;
  };
  begin('one');
  hear({ type: 'state', state: 'running' });
  for (const stored of [0, 2, 3, 4, 5]) {
    now += 4000;
    step();
    await expect.poll(() => moments().at(-1) ?? 0).toBe(stored);
  }
});
