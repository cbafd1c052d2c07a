import { create, globals } from '/work/main/node_modules/webgpu/index.js';
Object.assign(globalThis, globals);
Object.defineProperty(globalThis, 'navigator', { value: { gpu: create([]), userAgent: 'node' }, configurable: true });
const tf = await import('@tensorflow/tfjs-core');
await import('@tensorflow/tfjs-layers');
const { startDevice } = await import('/work/main/src/device/start');
const { linear } = await import('/work/main/src/ops/linear');
const { layerNorm } = await import('/work/main/src/ops/layerNorm');
const { attention } = await import('/work/main/src/ops/attention');
const { patchEmbedding } = await import('/work/main/src/ops/patchEmbedding');
const { adamW } = await import('/work/main/src/ops/adamW');
const { l2Normalize } = await import('/work/main/src/ops/l2Normalize');
const [backend, B, size, patch, W, L, H] = process.argv.slice(2).map((x, i) => i ? Number(x) : x) as any;
const info = await startDevice(backend);
console.log(info.description);
const v = (shape: number[], std = 0.02) => tf.variable(tf.randomNormal(shape, 0, std));
const T = (size / patch) ** 2;
const w: Record<string, any> = { patch: v([W, 3, patch, patch]), pos: v([T, W]), out: v([64, W]) };
for (let i = 0; i < L; i++) for (const [n, s] of Object.entries({ n1w: [W], n1b: [W], q: [W, W], qb: [W], k: [W, W], kb: [W], v: [W, W], vb: [W], o: [W, W], ob: [W], n2w: [W], n2b: [W], f1: [4 * W, W], f1b: [4 * W], f2: [W, 4 * W], f2b: [W] })) w[`${i}.${n}`] = v(s as number[]);
const list = Object.values(w) as any[];
const m = list.map(p => tf.variable(tf.zerosLike(p))), m2 = list.map(p => tf.variable(tf.zerosLike(p)));
const x = tf.randomNormal([B, 3, size, size]);
const target = tf.randomNormal([B, 64]);
const forward = () => tf.tidy(() => {
  let h: any = tf.add(patchEmbedding(x, w.patch), w.pos);
  for (let i = 0; i < L; i++) {
    const g = (n: string) => w[`${i}.${n}`];
    const a = layerNorm(h, g('n1w'), g('n1b'), 1e-5);
    const at = attention(linear(a, g('q'), g('qb')), linear(a, g('k'), g('kb')), linear(a, g('v'), g('vb')), H, false);
    h = linear(at, g('o'), g('ob'), { residual: h });
    const b = layerNorm(h, g('n2w'), g('n2b'), 1e-5);
    h = linear(linear(b, g('f1'), g('f1b'), { activation: 'quick_gelu' }), g('f2'), g('f2b'), { residual: h });
  }
  return linear(tf.mean(h, 1), w.out);
});
const be = tf.backend() as any; let dispatches = 0;
if (be.recordAndSubmit) { const r = be.recordAndSubmit; be.recordAndSubmit = function (...a: any[]) { dispatches++; return r.apply(this, a); }; }
const flops = 3 * 2 * B * (T * (12 * W * W * L + 2 * T * W * L) + T * W * patch * patch * 3);
for (let s = 1; s <= 4; s++) {
  dispatches = 0; const t0 = performance.now();
  const { value, grads } = tf.variableGrads(() => tf.mean(tf.square(tf.sub(l2Normalize(forward()), target))) as any, list);
  list.forEach((p, i) => { adamW(p, grads[p.name], m[i], m2[i], { learningRate: 1e-3, beta1: .9, beta2: .999, epsilon: 1e-8, weightDecay: .01, step: s }); });
  Object.values(grads).forEach((g: any) => g.dispose());
  const t1 = performance.now(); const loss = (await value.data())[0]; value.dispose();
  console.log(`step ${s}: ${((performance.now() - t0) / 1e3).toFixed(2)} s, issue ${((t1 - t0) / 1e3).toFixed(2)} s, ${dispatches} dispatches, ${(flops / 1e9).toFixed(2)} GFLOP, loss ${loss}`);
}
const t0 = performance.now(); const f = forward(); await f.data(); console.log('forward', performance.now() - t0, 'ms', flops / 3e9, 'GFLOP');
process.exit(0);
