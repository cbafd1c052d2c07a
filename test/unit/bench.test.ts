import { describe, expect, it } from 'vitest';
import { decodeResult, encodeResult } from '../../bench/link';
import { flopOf, stepProducts } from '../../bench/products';
import type { BenchResult } from '../../bench/result';
import { STEP_SHAPES } from '../../bench/shapes';
import { spreadOf } from '../../bench/statistics';
import { Message } from '../../src/export/onnx/message';

describe('the bench', () => {
  it('counts the operations of a step', () => {
    const [small] = STEP_SHAPES;
    // By hand: per layer 24 W² for each of 16 · 65 tokens and 4 · 65 · W for attention, three times; the patches twice.
    const layers = 3 * 6 * 1040 * (24 * 192 ** 2 + 4 * 65 * 192);
    const patches = 2 * 2 * 1024 * 192 * 192;
    expect(flopOf(stepProducts(small, { classTokenOnly: false })) / (layers + patches)).toBeCloseTo(1, 3);
    expect(flopOf(stepProducts(small, { classTokenOnly: true }))).toBeLessThan(0.9 * layers);
  });

  it('knows the middle and the ends of its rounds', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 });
    expect(spreadOf([4, 1, 2, 3]).median).toBe(2.5);
  });

  it('writes the lengths of protocol buffers in sevens of bits', () => {
    const bytes = new Message().int(1, 300).text(2, 'a').float(3, 1).encode();
    expect([...bytes]).toEqual([0x08, 0xac, 0x02, 0x12, 1, 97, 0x1d, 0, 0, 0x80, 0x3f]);
  });

  it('keeps a result in a link, and refuses a damaged one', () => {
    const result: BenchResult = {
      adapter: 'WebGPU, some adapter',
      rounds: 3,
      step: [
        {
          shape: 'vit-64/8-192x6',
          engine: 'ours-webgpu',
          seconds: 1.23456789,
          secondsRange: [1, 2],
          issueSeconds: 0.001,
          dispatches: 200,
          submits: 1,
          writes: 3,
          peakBytes: 1e8,
        },
      ],
      gemm: [],
      inference: [],
      leftOut: [],
      ratios: { vsTfjs: 5, vsJax: null, vsTfjsWasm: null, vsJaxWasm: null, vsNative: null, ofGemmRoof: 0.7 },
    };
    const fragment = encodeResult(result);
    const [step] = result.step;
    expect(decodeResult(fragment)).toEqual({ ...result, step: [{ ...step, seconds: 1.235 }] });
    expect(decodeResult('#run=abc')).toBeUndefined();
    expect(() => decodeResult(fragment.slice(0, -9))).toThrow('damaged');
  });
});
