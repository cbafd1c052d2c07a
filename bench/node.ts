import { parseArgs } from 'node:util';
import { installNodeWebGPU } from '../src/cli/device';
import { PARTS, runBench } from './bench';
import { ENGINE_NAMES } from './engines/engine';
import { createTorchEngine } from './engines/torch';
import { ONNX_TOWERS } from './inference/onnx';
import { OUR_TOWERS } from './inference/ours';
import { STEP_SHAPES } from './shapes';
import { resultText } from './table';

// Measures in Node, with the adapter that the environment gives.

const SHAPE_NAMES = STEP_SHAPES.map(({ name }) => name);

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    shape: { type: 'string', multiple: true },
    engine: { type: 'string', multiple: true, default: [...ENGINE_NAMES] },
    part: { type: 'string', multiple: true, default: [...PARTS] },
    rounds: { type: 'string' },
  },
});

/** The named ones of these. */
function chosen<T extends string>(flag: string, names: readonly T[], wanted: string[]): T[] {
  const unknown = wanted.find((name) => !names.some((known) => known === name));
  if (unknown !== undefined)
    throw new Error(`--${flag} ${unknown}: one of ${names.join(', ')} would be right.`);
  return names.filter((name) => wanted.includes(name));
}

/** Dawn in Node takes no shared memory to write from, as browsers do and onnxruntime-web relies on. */
function takeSharedMemory(): void {
  if (typeof GPUQueue === 'undefined') return;
  const { prototype } = GPUQueue;
  const { writeBuffer } = prototype;
  prototype.writeBuffer = function (this: GPUQueue, buffer, offset, data, ...range) {
    const isShared = data instanceof Uint8Array && data.buffer instanceof SharedArrayBuffer;
    const source = isShared ? new Uint8Array(data) : (data as BufferSource);
    return writeBuffer.call(this, buffer, offset, source, ...range);
  };
}

try {
  const shapes = values.shape && chosen('shape', SHAPE_NAMES, values.shape);
  await installNodeWebGPU();
  takeSharedMemory();
  const result = await runBench({
    shapes: shapes && STEP_SHAPES.filter(({ name }) => shapes.includes(name)),
    parts: chosen('part', PARTS, values.part),
    towers: { ...OUR_TOWERS, ...ONNX_TOWERS },
    engines: chosen('engine', ENGINE_NAMES, values.engine),
    createTorch: createTorchEngine,
    platform: `Node ${process.version}, ${process.platform}`,
    rounds: values.rounds === undefined ? undefined : Number(values.rounds),
    report: (message) => console.error(message),
  });
  console.log(values.json ? JSON.stringify(result, null, 2) : `\n${resultText(result)}`);
  process.exit(0);
} catch (error) {
  console.error(error);
  process.exit(1);
}
