import { fileURLToPath } from 'node:url';
import { build, createServer, type Plugin, preview } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The built page, as `npm start` serves it. */
    pageUrl: string;
    /** The same with an engine that invents its numbers, for what needs no training. */
    fakeUrl: string;
    /** The sources, module by module. */
    sourceUrl: string;
  }
}

const fakeEngine = fileURLToPath(new URL('fakeEngine.ts', import.meta.url));
const FAKE_FOLDER = 'test/output/fake';

const withFakeEngine: Plugin = {
  name: 'fake-engine',
  enforce: 'pre',
  resolveId: (source) => (source.endsWith('worker/client') ? fakeEngine : undefined),
};

/** Builds and serves the page for all page tests. */
export default async function serve(project: TestProject): Promise<() => Promise<void>> {
  // As `npm start` builds it: what the test runner sets would bring React's development version.
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  const fake = { outDir: FAKE_FOLDER, emptyOutDir: true };
  await build({ logLevel: 'warn' });
  await build({ logLevel: 'warn', plugins: [withFakeEngine], build: fake });
  process.env.NODE_ENV = NODE_ENV;
  const built = await preview({ logLevel: 'warn', preview: { port: 0 } });
  const faked = await preview({ logLevel: 'warn', preview: { port: 0 }, build: fake });
  const sources = await createServer({ logLevel: 'warn', server: { port: 0, hmr: false } });
  await sources.listen();
  project.provide('pageUrl', built.resolvedUrls?.local[0] ?? '');
  project.provide('fakeUrl', faked.resolvedUrls?.local[0] ?? '');
  project.provide('sourceUrl', sources.resolvedUrls?.local[0] ?? '');
  return async () => {
    await built.close();
    await faked.close();
    await sources.close();
  };
}
