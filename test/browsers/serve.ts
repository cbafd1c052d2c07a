import { build, preview } from 'vite';
import type { TestProject } from 'vitest/node';

/** Builds the page, and serves it as `npm start` does. */
export default async function serve(project: TestProject): Promise<() => Promise<void>> {
  // What the test runner sets would bring React's development version.
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  await build({ logLevel: 'warn' });
  process.env.NODE_ENV = NODE_ENV;
  const server = await preview({ logLevel: 'warn', preview: { port: 0 } });
  project.provide('pageUrl', server.resolvedUrls?.local[0] ?? '');
  return () => server.close();
}
