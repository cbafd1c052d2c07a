import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { mergeConfig, type Plugin } from 'vite';
import base from '../../vite.config';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The page with an engine that invents its numbers. */
const fakeEngine: Plugin = {
  name: 'fake-engine',
  enforce: 'pre',
  resolveId(source) {
    if (source.endsWith('worker/client')) return at('fakeEngine.ts');
    if (source.endsWith('run/demo') && !existsSync(at('../../src/run/demo.ts')))
      return '/tmp/ui/stub/demo.ts';
    if (source.endsWith('run/link') && !existsSync(at('../../src/run/link.ts')))
      return '/tmp/ui/stub/link.ts';
  },
};

export default mergeConfig(base, {
  root: at('../..'),
  plugins: [fakeEngine],
  build: { outDir: 'test/output/fake' },
});
