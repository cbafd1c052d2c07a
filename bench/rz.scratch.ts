import fs from 'node:fs';
import { readSafetensors } from '../src/files/safetensors';
import { resizeBicubic } from '../src/clip/resize';
const t = await readSafetensors(new Blob([fs.readFileSync('/tmp/rz/resize.safetensors')]), 'x');
const boxes = JSON.parse(fs.readFileSync('/tmp/rz/boxes.json','utf8'));
let bad = 0;
boxes.forEach((b: number[] | null, i: number) => {
  const k = String(i).padStart(3, '0'); const a = t[`${k}.in`], o = t[`${k}.out`];
  const r = resizeBicubic({ width: a.shape[1], height: a.shape[0], data: Uint8Array.from(a.data) }, o.shape[1], o.shape[0], b ? { left: b[0], top: b[1], width: b[2] - b[0], height: b[3] - b[1] } : undefined);
  let d = 0; r.data.forEach((x, j) => { d = Math.max(d, Math.abs(x - o.data[j])); });
  if (d) { bad++; console.log(k, a.shape, o.shape, b, d); }
});
console.log('bad', bad, 'of', boxes.length);
const big = { width: 1000, height: 750, data: new Uint8Array(1000 * 750 * 3).map((_, i) => i % 251) };
for (let i = 0; i < 5; i++) { const s = performance.now(); resizeBicubic(big, 299, 224); console.log((performance.now() - s).toFixed(1), 'ms'); }
