import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pace } from '../../src/train/pace';

let pace: Pace;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  pace = new Pace();
  pace.start();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Figures of so many steps come, each so long after the one before; returns the last speed. */
function come(steps: number, ms: number): number {
  let speed = 0;
  for (let i = 0; i < steps; i++) {
    vi.advanceTimersByTime(ms);
    speed = pace.arrived();
  }
  return speed;
}

it('queues no step before it knows that they are fast', () => {
  expect(pace.isSlow).toBe(true);
  expect(come(3, 50)).toBeCloseTo(20);
  expect(pace.isSlow).toBe(false);
});

it('forgets a slow first step', () => {
  come(1, 5000);
  come(4, 50);
  expect(pace.isSlow).toBe(true);
  come(4, 50);
  expect(pace.isSlow).toBe(false);
});

it('takes steps for slow whose figures come in bursts', () => {
  for (let burst = 0; burst < 4; burst++) {
    come(1, 6000);
    come(3, 1);
    expect(pace.isSlow).toBe(true);
  }
});
