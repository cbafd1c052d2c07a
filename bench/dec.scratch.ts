import fs from 'node:fs';
import { decodeImage } from '../src/cli/decode';
const want = JSON.parse(fs.readFileSync('/tmp/dec.json', 'utf8'));
for (const f of fs.readdirSync('/tmp/dec')) {
  try {
    const i = await decodeImage(new Blob([fs.readFileSync(`/tmp/dec/${f}`)]), f);
    const w = want[f];
    let d = 0, n = 0; if (w) i.data.forEach((x, j) => { const e = Math.abs(x - w.d[j]); d = Math.max(d, e); if (e) n++; });
    console.log(f.padEnd(12), i.width, i.height, w ? `${w.w}x${w.h} max ${d} in ${n}` : 'no reference');
  } catch (e) { console.log(f.padEnd(12), 'ERR', (e as Error).message); }
}
