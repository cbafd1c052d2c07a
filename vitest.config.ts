import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** A file each; left to itself, the runner keeps one core free. */
const maxWorkers = availableParallelism();

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000, maxWorkers } },
      {
        test: {
          name: 'numeric',
          include: ['test/{numeric,contract}/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 60_000,
          pool: 'forks',
          maxWorkers,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/serve.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          // A busy machine may be slow, and is not wrong.
          expect: { poll: { timeout: 60_000 } },
          // A page test waits for a quarter of its time.
          maxWorkers: maxWorkers + 1,
        },
      },
      {
        test: {
          name: 'browsers',
          include: ['test/browsers/**/*.test.ts'],
          globalSetup: ['test/browsers/serve.ts'],
          testTimeout: 400_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
