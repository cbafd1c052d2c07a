import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type PreviewServer, type ViteDevServer } from 'vite';
import { buildAnswersTemplate } from './src/cli/answersTemplate.ts';
import { findPackages, thirdPartyLicences } from './tools/thirdPartyLicences.ts';

/**
 * Cross-origin isolation, which WebAssembly threads need, on every answer: a 304 without it blocks workers in WebKit, and
 * the servers' own `headers` leave it out there.
 */
const isolate = ({ middlewares }: ViteDevServer | PreviewServer): void => {
  middlewares.use((_, answer, next) => {
    answer.setHeader('X-Content-Type-Options', 'nosniff');
    answer.setHeader('Permissions-Policy', 'camera=(self), microphone=(), geolocation=()');
    answer.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    answer.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    answer.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    next();
  });
};
const isolation: Plugin = {
  name: 'isolation',
  configureServer: (server) => {
    isolate(server);
    // Where a build was served before from this address, its service worker would go on answering.
    server.middlewares.use('/sw.js', (_, answer) => {
      answer.setHeader('Content-Type', 'text/javascript').end('registration.unregister();');
    });
  },
  configurePreviewServer: isolate,
};

/**
 * The threaded wasm backend waits at its start for eight workers, of which its own operations would have their threads.
 * We take its shared memory alone (see `startWasm`), so none is made: in Firefox some never come, and it waits for ever.
 */
const noPoolOfThreads: Plugin = {
  name: 'no-pool-of-threads',
  transform: {
    filter: { id: /tfjs-backend-wasm-threaded-simd\.js/ },
    handler: (code) =>
      [
        ['pthreadPoolSize=8', 'pthreadPoolSize=0'],
        [
          'numWorkersToLoad=PThread.unusedWorkers.length;',
          'numWorkersToLoad=0;removeRunDependency("wasm-instantiate");',
        ],
      ].reduce((changed, [from, to]) => {
        if (!changed.includes(from)) throw new Error(`tfjs’s threaded wasm backend has no ${from} any more.`);
        return changed.replace(from, to);
      }, code),
  },
};

/**
 * What the page itself may do, in the document, so that it holds on any static host: scripts, workers and connections of
 * its own folder alone. Styles are set by React and KaTeX. The engine's worker, which no document's policy covers,
 * fetches what the user names.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const policy: Plugin = {
  name: 'policy',
  apply: 'build',
  transformIndexHtml: (_, { path: page }) =>
    page === '/index.html'
      ? [
          { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY } },
          { tag: 'meta', attrs: { name: 'referrer', content: 'no-referrer' } },
        ]
      : [],
};

/** zod would compile its checks by `new Function`, which the policy forbids. */
const noEval: Plugin = {
  name: 'no-eval',
  transform: {
    filter: { id: /zod\/v4\/core\/core\.js/ },
    handler: (code) => code.replace('__zod_globalConfig = {}', '__zod_globalConfig = { jitless: true }'),
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

/** libheif's script asks for Node's modules where it runs there, which a page never does. */
const libheifWithoutNode: Plugin = {
  name: 'libheif-without-node',
  transform: {
    filter: { id: /libheif-wasm\/libheif\.js/ },
    handler: (code) => code.replaceAll(/require\("(fs|path|crypto)"\)/g, 'undefined'),
  },
};

const SERVICE_WORKER = 'sw.js';

/**
 * Tells the service worker which files it keeps, with a hash of each, so that a build that differs makes it another one.
 * The bench is for developers.
 */
const offline: Plugin = {
  name: 'offline',
  writeBundle({ dir = '' }) {
    const hashOf = (name: string) =>
      createHash('sha256')
        .update(readFileSync(path.join(dir, name)))
        .digest('hex');
    const files = readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter(
        (name) => statSync(path.join(dir, name)).isFile() && !/bench/.test(name) && name !== SERVICE_WORKER,
      )
      .map((name) => [name.replaceAll('\\', '/'), hashOf(name).slice(0, 12)]);
    const worker = path.join(dir, SERVICE_WORKER);
    const code = readFileSync(worker, 'utf8');
    writeFileSync(worker, `const FILES=${JSON.stringify(Object.fromEntries(files))};\n${code}`);
  },
};

/** `Dialog__head` for `.head` of Dialog.module.css; test/unit/styles.test.ts keeps the files' names apart. */
const readableName = (name: string, file: string): string =>
  `${path.basename(file.replace(/\?.*/, ''), '.module.css')}__${name}`;

/** How long a plugin takes says nothing to who starts the page. */
const checks = { pluginTimings: false };

export default defineConfig({
  // Relative addresses, so that dist/ can be hosted in any folder.
  base: './',
  plugins: [
    react(),
    isolation,
    policy,
    noEval,
    onlyWoff2,
    answersTemplate,
    findPackages,
    thirdPartyLicences,
    offline,
  ],
  // Names that say in the page's inspector where they come from.
  css: { modules: { generateScopedName: readableName } },
  worker: {
    format: 'es',
    plugins: () => [noPoolOfThreads, libheifWithoutNode, findPackages],
    rollupOptions: { checks },
  },
  build: {
    target: 'es2023',
    // Browsers of that age have it.
    modulePreload: { polyfill: false },
    // Fonts within a style would be `data:`, which the policy forbids.
    assetsInlineLimit: (file) => (file.endsWith('.woff2') ? false : undefined),
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      checks,
      input: { index: 'index.html', bench: 'bench.html', sw: 'src/page/offline/serviceWorker.ts' },
      // A service worker serves the folder that it lies in, under one name for ever.
      output: { entryFileNames: ({ name }) => (name === 'sw' ? SERVICE_WORKER : 'assets/[name]-[hash].js') },
    },
  },
  // All at once, workers' too: found one after another, they would come with two copies of tfjs.
  optimizeDeps: { entries: ['index.html', 'bench.html', 'src/**/*orker.ts'] },
});
