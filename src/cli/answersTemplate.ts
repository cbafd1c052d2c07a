import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ENTRY = fileURLToPath(new URL('../answers/main.ts', import.meta.url));

/** Builds the page that students are exported as: code, style and WebAssembly in one file, without a student yet. */
export async function buildAnswersTemplate(): Promise<string> {
  const result = await build({
    configFile: false,
    // A bundler's warnings say nothing to who exports a student.
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"', 'import.meta.url': 'document.baseURI' },
    build: { write: false, target: 'es2023', lib: { entry: ENTRY, formats: ['iife'], name: 'answers' } },
  });
  const files = [result].flat().flatMap((each) => ('output' in each ? each.output : []));
  const code = files.map((file) => (file.type === 'chunk' ? file.code : '')).join('');
  const styles = files.map((file) => (file.fileName.endsWith('.css') && 'source' in file ? file.source : ''));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>What is in the picture?</title>
<style>${styles.join('')}</style>
<main><h1>What is in the picture?</h1></main>
<script type="text/plain" id="student"></script>
<script type="text/plain" id="pictures"></script>
<script>${code.replaceAll('</script', '<\\/script')}</script>
</html>
`;
}
