import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { afterAll, beforeAll } from 'vitest';

const fakeEngine = fileURLToPath(new URL('fakeEngine.ts', import.meta.url));

/** The page with an engine that invents its numbers, for what needs no training: its address, once served. */
export function useFakePage(): { url: string } {
  const page = { url: '' };
  let close = async () => {};
  beforeAll(async () => {
    const server = await createServer({
      logLevel: 'warn',
      server: { port: 0, hmr: false },
      cacheDir: 'test/output/vite',
      // Of what only a worker imports Vite would hear too late, and bundle React a second time.
      optimizeDeps: { entries: ['index.html', 'src/ui/**/*.worker.ts'] },
      plugins: [
        {
          name: 'fake-engine',
          enforce: 'pre',
          resolveId: (source) => (source.endsWith('worker/client') ? fakeEngine : undefined),
        },
      ],
    });
    await server.listen();
    page.url = server.resolvedUrls?.local[0] ?? '';
    close = () => server.close();
  });
  afterAll(() => close());
  return page;
}
