import { describe, expect, it } from 'vitest';
import { advantage, figuresOf, figureText } from '../../bench/figures';
import { kernelName } from '../../bench/kernelTimes';
import { decodeResult, encodeResult, readResult, resultJson } from '../../bench/link';
import { platformOf } from '../../bench/platform';
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
    kernels: [],
    leftOut: [],
    ratios: { vsTfjs: 5, vsJax: null, vsTfjsWasm: null, vsJaxWasm: null, vsNative: null, ofGemmRoof: 0.7 },
  };

  it('keeps a result in a link, and refuses a damaged one', () => {
    const fragment = encodeResult(result);
    const [step] = result.step;
    expect(decodeResult(fragment)).toEqual({ ...result, step: [{ ...step, seconds: 1.235 }] });
    expect(decodeResult('#run=abc')).toBeUndefined();
    expect(() => decodeResult(fragment.slice(0, -9))).toThrow('damaged');
  });

  it('reads what was pasted, from a link or JSON of before platforms were noted', () => {
    expect(readResult(`see http://localhost/bench.html${encodeResult(result)} `).adapter).toBe(
      result.adapter,
    );
    const { kernels: _, ...old } = result;
    expect(readResult(resultJson(old as BenchResult)).kernels).toEqual([]);
    expect(() => readResult('[1]')).toThrow('at its beginning');
    expect(() => readResult('{"adapter": 1}')).toThrow('at adapter');
    expect(() => readResult('12 ms')).toThrow('neither');
  });

  it('compares cards by what is better, less or more', () => {
    const [mine] = figuresOf(result);
    expect(figureText(mine)).toBe('1,230 ms');
    expect(advantage({ ...mine, value: 617.283945 }, mine)).toBeCloseTo(2);
    expect(
      advantage({ ...mine, better: 'more', value: 617.283945 }, { ...mine, better: 'more' }),
    ).toBeCloseTo(0.5);
    expect(figureText(figuresOf(result)[2])).toBe('–');
    expect(advantage(mine, { ...mine, value: undefined })).toBeUndefined();
  });

  it('names browsers and kernels for people', () => {
    const chromium =
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36';
    expect(platformOf(chromium)).toBe('Chromium 153, Linux');
    expect(platformOf(`${chromium} Edg/153.0.0.0`)).toBe('Edge 153, Linux');
    const safari =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Mobile/15E148 Safari/604.1';
    expect(platformOf(safari)).toBe('Safari 26, iOS');
    expect(kernelName('layerNorm, 8,1,1 [0,1] beside attention_4_false, 8,1,1 [2]')).toBe(
      'attention + layerNorm',
    );
    expect(kernelName('matmul, registers, {"layout":"NT","aligned":true}, 8,1,1')).toBe('matmul NT');
  });
});
