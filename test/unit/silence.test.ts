import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { store } from '../../src/page/store';
import { watchSilence } from '../../src/page/survive/silence';

const isSilent = () => store.getState().isSilent ?? false;
/** An event of the engine that the page shows. */
const hear = () => store.setState(({ version }) => ({ version: version + 1 }));

beforeEach(() => {
  vi.useFakeTimers();
  watchSilence();
  store.setState({ phase: 'running', runId: crypto.randomUUID(), isSilent: false });
});

afterEach(() => vi.useRealTimers());

it('says so where nothing is heard of an engine that trains for over a minute, until it is heard again', () => {
  vi.advanceTimersByTime(60_000);
  expect(isSilent()).toBe(false);
  vi.advanceTimersByTime(5000);
  expect(isSilent()).toBe(true);
  hear();
  expect(isSilent()).toBe(false);
  store.setState({ phase: 'paused' });
  vi.advanceTimersByTime(600_000);
  expect(isSilent()).toBe(false);
});

it('lets slow steps take ten times as long as those before', () => {
  vi.advanceTimersByTime(30_000);
  hear();
  vi.advanceTimersByTime(300_000);
  expect(isSilent()).toBe(false);
  vi.advanceTimersByTime(10_000);
  expect(isSilent()).toBe(true);
});

it('does not take a machine that slept for a silent engine', () => {
  vi.advanceTimersByTime(55_000);
  vi.setSystemTime(Date.now());
  const now = performance.now();
  vi.spyOn(performance, 'now').mockReturnValue(now + 3_600_000);
  vi.advanceTimersByTime(5000);
  expect(isSilent()).toBe(false);
});
