/**
 * Keeps the page's own files in the browser, so that it opens without a network, and answers with the headers of
 * cross-origin isolation, which WebAssembly threads need and a plain host doesn't send.
 */
export {};

declare const self: ServiceWorkerGlobalScope;
/** All files of this build, by their path below the page's folder: what tells their contents apart. Put in by the build. */
declare const FILES: Record<string, string>;

/** Folders of one host share its caches. */
const NAME = `clip-distillery-page ${self.registration.scope}`;

const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/** What a file is kept as: no such address is ever asked for, and two builds' files don't meet. */
const keyOf = (path: string): string => `${self.registration.scope}${path}?kept=${FILES[path]}`;

self.addEventListener('install', (event) => event.waitUntil(fetchNew()));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));
self.addEventListener('fetch', (event) => {
  const { url, method } = event.request;
  if (method === 'GET' && url.startsWith(self.registration.scope)) event.respondWith(answer(event.request));
});

/** One after another, so that the page's own requests come first. What an earlier build has kept isn't fetched again. */
async function fetchNew(): Promise<void> {
  const cache = await caches.open(NAME);
  for (const path of Object.keys(FILES)) {
    if (await cache.match(keyOf(path))) continue;
    const response = await fetch(path, { cache: 'no-cache' });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    await cache.put(keyOf(path), response);
  }
}

/** Only when no page of the build before is open any more does this one come into use, and its files may go. */
async function takeOver(): Promise<void> {
  const cache = await caches.open(NAME);
  const keys = new Set(Object.keys(FILES).map(keyOf));
  for (const { url } of await cache.keys()) if (!keys.has(url)) await cache.delete(url);
  // Not waited for, as all that the page fetches then would: in Firefox its workers have to answer, and those that do
  // WebAssembly's work wait for it without looking up.
  void self.clients.claim();
}

async function answer(request: Request): Promise<Response> {
  const path = decodeURI(
    new URL(request.url).pathname.slice(new URL(self.registration.scope).pathname.length),
  );
  const cache = await caches.open(NAME);
  const kept = await cache.match(keyOf(path || 'index.html'));
  // The demo's folder is kept whole: what a checkpoint may have and the demo's doesn't is not on the host either.
  const isAbsent = !kept && path.startsWith('demo/');
  return isolated(kept ?? (isAbsent ? new Response(null, { status: 404 }) : await fetch(request)));
}

function isolated(response: Response): Response {
  // A redirect of the page itself can't be copied; the browser comes back for where it leads.
  if (response.type === 'opaqueredirect') return response;
  const { body, status, statusText, headers } = response;
  const all = new Headers(headers);
  for (const [name, value] of Object.entries(ISOLATION)) all.set(name, value);
  return new Response(body, { status, statusText, headers: all });
}
