import { describe, expect, it } from 'vitest';
import { decodeFloat16, encodeFloat16 } from '../../src/files/floats';
import { InputError } from '../../src/files/folder';
import {
  openSafetensors,
  readSafetensors,
  streamSafetensors,
  writeSafetensors,
} from '../../src/files/safetensors';
import { type HostTensors, inMemory } from '../../src/files/tensors';

/** A file with this header and as many zero bytes of data. */
function fileOf(header: unknown, dataBytes: number): Blob {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new BigUint64Array([BigInt(text.length)]);
  return new Blob([length, text, new Uint8Array(dataBytes)]);
}

describe('safetensors', () => {
  const tensors = {
    'b.weight': { shape: [2, 3], data: Float32Array.from([1, -2, 3.5, 0, 1e-8, 7]) },
    'a.ids': { shape: [2], data: Int32Array.from([-1, 2 ** 30]) },
    scale: { shape: [], data: Float32Array.from([0.25]) },
  };

  it('reads what it wrote', async () => {
    const file = new Blob([writeSafetensors(tensors, { metadata: { files: '["é.png"]' } })]);
    const { metadata } = await openSafetensors(file, 'x.safetensors');
    expect(metadata).toEqual({ files: '["é.png"]' });
    expect(await readSafetensors(file, 'x.safetensors')).toEqual(tensors);
  });

  it('aligns the data to 8 bytes and sorts the names', async () => {
    const bytes = writeSafetensors(tensors);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(Object.keys(header)).toEqual(['a.ids', 'b.weight', 'scale']);
  });

  it('writes and reads half precision', async () => {
    const file = new Blob([writeSafetensors(tensors, { half: true })]);
    const { entries, read } = await openSafetensors(file, 'x');
    expect(entries.get('b.weight')?.dtype).toBe('F16');
    expect([...(await read('b.weight')).data]).toEqual([1, -2, 3.5, 0, 0, 7]);
    expect((await read('a.ids')).data).toEqual(tensors['a.ids'].data);
  });

  it('rounds to half precision as IEEE 754 does', () => {
    const all = Uint16Array.from({ length: 1 << 16 }, (_, bits) => bits);
    const numbers = all.filter((bits) => (bits & 0x7fff) <= 0x7c00);
    expect(encodeFloat16(decodeFloat16(numbers))).toEqual(numbers);
    const ties = Float32Array.from([2049, 2051, 65519, 65520, 2 ** -25, 1.5 * 2 ** -24, -(2 ** -26)]);
    expect([...decodeFloat16(encodeFloat16(ties))]).toEqual([
      2048,
      2052,
      65504,
      Number.POSITIVE_INFINITY,
      0,
      2 ** -23,
      -0,
    ]);
  });

  it('reads bfloat16 and 64-bit integers', async () => {
    const header = {
      ids: { dtype: 'I64', shape: [2], data_offsets: [0, 16] },
      w: { dtype: 'BF16', shape: [2], data_offsets: [16, 20] },
    };
    const text = new TextEncoder().encode(JSON.stringify(header));
    const file = new Blob([
      new BigUint64Array([BigInt(text.length)]),
      text,
      new BigInt64Array([5n, -7n]),
      new Uint16Array([0x3f80, 0xc040]),
    ]);
    const read = await readSafetensors(file, 'x');
    expect([...read['ids'].data]).toEqual([5, -7]);
    expect([...read['w'].data]).toEqual([1, -3]);
  });

  it('streams the same file, and reads parts of a tensor in pieces', async () => {
    const floats: HostTensors = { 'b.weight': tensors['b.weight'], scale: tensors.scale };
    for (const half of [false, true]) {
      const chunks: BlobPart[] = [];
      const stream = streamSafetensors(inMemory(floats), { half, metadata: { a: 'b' } });
      for await (const chunk of stream.chunks) chunks.push(chunk);
      const whole = await new Blob(chunks).arrayBuffer();
      expect(stream.size).toBe(whole.byteLength);
      expect(new Uint8Array(whole)).toEqual(writeSafetensors(floats, { half, metadata: { a: 'b' } }));
    }
    const file = await openSafetensors(new Blob([writeSafetensors(tensors)]), 'x');
    const read = async (name: string, ...range: number[]) => {
      const found: number[] = [];
      for await (const piece of file.floats(name, ...range)) found.push(...piece);
      return found;
    };
    expect(await read('b.weight', 1, 4)).toEqual([-2, 3.5, 0]);
    expect(await read('scale')).toEqual([0.25]);
    await expect(read('a.ids')).rejects.toThrow('x: a.ids holds integers; F32, F16 or BF16 would be right.');
  });

  it('reads a large tensor in several pieces', async () => {
    const size = 2 ** 22 + 3;
    const data = Float32Array.from({ length: size }, (_, i) => i);
    const file = await openSafetensors(new Blob([writeSafetensors({ w: { shape: [size], data } })]), 'x');
    const lengths: number[] = [];
    let at = 0;
    for await (const piece of file.floats('w')) {
      expect([piece[0], piece.at(-1)]).toEqual([at, at + piece.length - 1]);
      lengths.push(piece.length);
      at += piece.length;
    }
    expect(lengths).toEqual([2 ** 22, 3]);
  });

  it.each([
    ['an empty file', new Blob([]), 'x has only 0 bytes'],
    ['a text file', new Blob(['<html>this is not it</html>']), 'x is not a safetensors file'],
    [
      'a file cut short in its header',
      new Blob([writeSafetensors(tensors).slice(0, 60)]),
      'its header alone needs',
    ],
    [
      'a file cut short in its data',
      new Blob([writeSafetensors(tensors).slice(0, -6)]),
      /so 2 of its 3 tensors \(b\.weight, …\) are not whole/,
    ],
    [
      'a shape that does not fit its bytes',
      fileOf({ w: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } }, 8),
      'x: w of type F32 and shape [3] needs 12 bytes, the header gives it 8',
    ],
    [
      'an unknown type',
      fileOf({ w: { dtype: 'Q4', shape: [3], data_offsets: [0, 8] } }, 8),
      'x: w has the unknown type Q4',
    ],
  ])('refuses %s', async (_, file, message) => {
    const error = await openSafetensors(file, 'x').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toHaveProperty(
      'message',
      expect.stringMatching(typeof message === 'string' ? escaped(message) : message),
    );
  });
});

function escaped(text: string): RegExp {
  return new RegExp(text.replace(/[[\]().]/g, '\\$&'));
}
