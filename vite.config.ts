import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type PreviewServer, type ViteDevServer } from 'vite';
import { buildAnswersTemplate } from './src/cli/answersTemplate.ts';

/**
 * Cross-origin isolation, which WebAssembly threads need, on every answer: a 304 without it blocks workers in WebKit, and
 * the servers' own `headers` leave it out there.
 */
const isolate = ({ middlewares }: ViteDevServer | PreviewServer): void => {
  middlewares.use((_, answer, next) => {
    answer.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    answer.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    answer.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    next();
  });
};
const isolation: Plugin = { name: 'isolation', configureServer: isolate, configurePreviewServer: isolate };

/**
 * The threaded wasm backend starts its workers from its own source text, `function.toString()`. A variable from around
 * that function, which the text asks for by `typeof`, must not be renamed by the minifier: it becomes a global's property.
 */
const keepWasmThreads: Plugin = {
  name: 'keep-wasm-threads',
  transform: {
    filter: { id: /tfjs-backend-wasm-threaded-simd\.js/ },
    handler: (code) => code.replace(/(?<!var )\b_scriptDir\b/g, 'globalThis._scriptDir'),
  },
};

/** KaTeX's style names each font in three formats; every browser with WebGPU or WebAssembly takes the first, WOFF2. */
const onlyWoff2: Plugin = {
  name: 'only-woff2',
  enforce: 'pre',
  transform: {
    filter: { id: /katex\.min\.css/ },
    handler: (code) => code.replace(/,url\([^)]*\.(?:woff|ttf)\) format\("\w+"\)/g, ''),
  },
};

/** `answers.html`, which an exported student is put into, beside the page. */
const answersTemplate: Plugin = {
  name: 'answers-template',
  async generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'answers.html', source: await buildAnswersTemplate() });
  },
  configureServer({ middlewares }) {
    middlewares.use('/answers.html', (_, response, next) => {
      buildAnswersTemplate().then((page) => response.end(page), next);
    });
  },
};

/** `Dialog__head` for `.head` of Dialog.module.css; test/unit/styles.test.ts keeps the files' names apart. */
const readableName = (name: string, file: string): string =>
  `${path.basename(file.replace(/\?.*/, ''), '.module.css')}__${name}`;

export default defineConfig({
  // Relative addresses, so that dist/ can be hosted in any folder.
  base: './',
  plugins: [react(), isolation, onlyWoff2, answersTemplate],
  // Names that say in the page's inspector where they come from.
  css: { modules: { generateScopedName: readableName } },
  worker: { format: 'es', plugins: () => [keepWasmThreads] },
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: 2000,
    rollupOptions: { input: ['index.html', 'bench.html'] },
  },
  // All at once, workers' too: found one after another, they would come with two copies of tfjs.
  optimizeDeps: { entries: ['index.html', 'bench.html', 'src/**/*orker.ts'] },
});
