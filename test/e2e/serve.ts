import { build, createServer, preview } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The built page, as `npm start` serves it. */
    pageUrl: string;
    /** The sources, module by module. */
    sourceUrl: string;
  }
}

/** Builds and serves the page for all page tests. */
export default async function serve(project: TestProject): Promise<() => Promise<void>> {
  // As `npm start` builds it: what the test runner sets would bring React's development version.
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  await build({ logLevel: 'warn' });
  process.env.NODE_ENV = NODE_ENV;
  const built = await preview({ logLevel: 'warn', preview: { port: 0 } });
  const sources = await createServer({ logLevel: 'warn', server: { port: 0, hmr: false } });
  await sources.listen();
  project.provide('pageUrl', built.resolvedUrls?.local[0] ?? '');
  project.provide('sourceUrl', sources.resolvedUrls?.local[0] ?? '');
  return async () => {
    await built.close();
    await sources.close();
  };
}
