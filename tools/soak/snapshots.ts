import { memoryStore } from '../../src/files/memoryStore';
import type { FileStore } from '../../src/files/storage';
import { latestSnapshot, storeSnapshot } from '../../src/train/snapshotStore';
import type { Row } from './row';

const tensorsAt = (step: number) => ({
  weight: { shape: [1000], data: Float32Array.from({ length: 1000 }, (_, i) => step + i) },
});

/** Damages the last snapshot of a store, or breaks off the writing of one; the one before must come back, whole. */
export async function soakSnapshots(times: number, until: number): Promise<Row> {
  const row: Row = { what: 'snapshots truncated, flipped, half written', done: 0, lost: [] };
  for (; row.done < times && Date.now() < until; row.done++) {
    const store = memoryStore();
    for (const step of [1, 2])
      await storeSnapshot(store, { step, tensors: tensorsAt(step) }, { step: `${step}` });
    const [what, expected] = await damage(store);
    const found = await latestSnapshot(store).catch((error) => error);
    const weight = found?.snapshot?.tensors.weight.data;
    if (found?.snapshot?.step !== expected || weight?.join() !== tensorsAt(expected).weight.data.join())
      row.lost.push(`${what}: ${found?.snapshot?.step ?? found} instead of step ${expected}`);
  }
  return row;
}

/** @returns what was done, and which step is the last that is whole */
async function damage(store: FileStore): Promise<[what: string, step: number]> {
  const name = (await store.names()).find((one) => one.startsWith('step-2')) ?? '';
  const bytes = new Uint8Array((await (await store.open(name))?.arrayBuffer()) ?? new ArrayBuffer(0));
  const at = Math.floor(Math.random() * bytes.length);
  const kind = Math.floor(3 * Math.random());
  if (kind === 0) {
    await (await store.append(name, at)).close();
    return [`truncated at ${at}`, 1];
  }
  if (kind === 1) {
    bytes[at] ^= 1 << Math.floor(8 * Math.random());
    const file = await store.append(name, 0);
    await file.write(bytes);
    await file.close();
    return [`flipped at ${at}`, 1];
  }
  const part = await store.append('step-3-half.part', 0);
  await part.write(bytes.slice(0, at));
  await part.close();
  return [`broken off at ${at}`, 2];
}
