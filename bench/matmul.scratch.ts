import { create, globals } from '/work/main/node_modules/webgpu/index.js';
Object.assign(globalThis, globals);
Object.defineProperty(globalThis, 'navigator', { value: { gpu: create([]), userAgent: 'node' }, configurable: true });
const tf = await import('@tensorflow/tfjs-core');
const { startDevice } = await import('/work/main/src/device/start');
const { tiledMatmul } = await import('/work/main/src/ops/webgpu/matmul');
console.log((await startDevice('webgpu')).description);
const time = async (f: () => any) => { f().dispose(); const t0 = performance.now(); let n = 0; let last: any; do { last?.dispose(); last = f(); n++; } while (n < 3); await last.data(); last.dispose(); return (performance.now() - t0) / n; };
for (const [m, n, k] of [[544, 96, 96], [544, 384, 96], [544, 96, 384], [2080, 128, 128], [33, 20, 64]]) {
  for (const layout of ['NT', 'NN', 'TN'] as const) {
    const a = tf.randomNormal(layout === 'TN' ? [k, m] : [m, k]) as any, b = tf.randomNormal(layout === 'NT' ? [n, k] : [k, n]) as any;
    const ours = () => tiledMatmul({ layout, m, n, k, a: { tensor: a, rowStride: layout === 'TN' ? m : k }, b: { tensor: b, rowStride: layout === 'NT' ? k : n }, output: { shape: [m, n], rowStride: n } });
    const theirs = () => tf.matMul(a, b, layout === 'TN', layout === 'NT');
    const d = tf.tidy(() => tf.max(tf.abs(tf.sub(ours(), theirs())))); const diff = (await d.data())[0];
    const to = await time(ours), tt = await time(theirs);
    const g = 2 * m * n * k / 1e6;
    console.log(layout, m, n, k, 'diff', diff.toExponential(1), 'ours', (g / to).toFixed(2), 'tfjs', (g / tt).toFixed(2), 'GFLOP/s');
  }
}
process.exit(0);
