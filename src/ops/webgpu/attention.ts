import * as tf from '@tensorflow/tfjs-core';
import { isSoftware, readingLanes } from '../../device/webgpu/lanes';
import { ATTENTION, ATTENTION_GRADIENT } from '../kernels';
import { type ProgramOutput, runProgram } from './program';

/**
 * Attention on WebGPU without a [tokens, tokens] matrix (Dao et al. 2022): one dispatch forward, with a thread for each
 * query; backward one for the queries' gradient and one, with a thread for each key, for those of keys and values.
 */
interface Attributes {
  heads: number;
  causal: boolean;
}

/** Runs a thread for each token of each head; `key` names the code. */
function runHeads(
  key: string,
  { heads, causal }: Attributes,
  inputs: Record<string, tf.TensorInfo>,
  outputs: ProgramOutput[],
  body: (code: HeadCode) => string,
): tf.TensorInfo[] {
  const [batch, tokens, threeWidths] = inputs.QKV.shape;
  const width = threeWidths / 3;
  const parts = width / heads / 4;
  const readers = readersOf(parts);
  const threads = isSoftware() ? 8 : 32;
  return runProgram(
    {
      key: `${key}_${parts}_${causal}_${threads}_${readers}`,
      inputs: Object.keys(inputs),
      vec4: Object.keys(inputs).filter((name) => !name.startsWith('Row')),
      outputs,
      integers: { tokens, heads, vectors: width / 4 },
      floats: { scale: (4 * parts) ** -0.5 },
      workgroupSize: [threads, 1, 1],
      dispatch: [Math.ceil(tokens / threads), heads, batch],
      subgroups: readers > 1,
      code: `
        let tokens = uniforms.tokens;
        // Threads beyond the last token do its work once more, so that all are there to read.
        let token = min(i32(globalId.x), tokens - 1);
        let firstToken = i32(workgroupId.x) * ${threads};
        let endToken = min(firstToken + ${threads}, tokens);
        let head = i32(workgroupId.y);
        let image = i32(workgroupId.z);
        // In vectors of four: where this head's queries, keys and values begin, and from one token to the next.
        let stride = 3 * uniforms.vectors;
        let queries = image * tokens * stride + head * ${parts};
        let keys = queries + uniforms.vectors;
        let values = keys + uniforms.vectors;
        let mixed = image * tokens * uniforms.vectors + head * ${parts};
        let rows = (image * uniforms.heads + head) * tokens;
        ${readers > 1 ? `let reader = i32(subgroupLane) & ${readers - 1};` : ''}
        ${body(headCode(parts, readers))}`,
    },
    Object.values(inputs),
  );
}

/** Threads that read a head's vectors together; each reads the same number of them. */
function readersOf(parts: number): number {
  const most = readingLanes();
  return parts % most === 0 ? most : parts % 4 === 0 && most > 4 ? 4 : 1;
}

/** Lines of code for the vectors of one head, each a handful of named registers. */
type HeadCode = ReturnType<typeof headCode>;

function headCode(parts: number, readers: number) {
  const range = (n: number) => [...Array(n).keys()];
  const all = (line: (c: number) => string) => range(parts).map(line).join('\n');
  return {
    /** This thread's own vectors. */
    load: (name: string, source: string, from: string, factor = '') =>
      all((c) => `let ${name}${c} = ${source}[${from} + ${c}]${factor};`),
    /** Vectors that all threads need. */
    share: (name: string, source: string, from: string) =>
      readers === 1
        ? all((c) => `let ${name}${c} = ${source}[${from} + ${c}];`)
        : range(parts / readers)
            .map((t) => `let ${name}_${t} = ${source}[${from} + ${t * readers} + reader];`)
            .concat(
              range(parts).map(
                (c) =>
                  `let ${name}${c} = subgroupBroadcast(${name}_${Math.floor(c / readers)}, ${c % readers}u);`,
              ),
            )
            .join('\n'),
    zeros: (name: string) => all((c) => `var ${name}${c} = vec4<f32>(0.0);`),
    dot: (a: string, b: string) =>
      range(parts)
        .map((c) => `dot(${a}${c}, ${b}${c})`)
        .join(' + '),
    each: all,
    store: (target: string, to: string, name: string, factor: string) =>
      all((c) => `${target}[${to} + ${c}] = ${name}${c} * ${factor};`),
  };
}

/** Softmax in one pass: what is summed so far shrinks whenever a larger score comes (Milakov & Gimelshein 2018). */
const forward = ({ load, share, zeros, dot, each, store }: HeadCode, causal: boolean) => `
  ${load('q', 'QKV', 'queries + token * stride', ' * uniforms.scale')}
  ${zeros('mix')}
  var most = -1e30;
  var sum = 0.0;
  for (var j = 0; j < ${causal ? 'endToken' : 'tokens'}; j++) {
    ${share('k', 'QKV', 'keys + j * stride')}
    ${share('v', 'QKV', 'values + j * stride')}
    let score = ${causal ? 'select(-1e30, ' : '('}${dot('q', 'k')}${causal ? ', j <= token' : ''});
    let larger = max(most, score);
    let shrink = exp(most - larger);
    let p = exp(score - larger);
    most = larger;
    sum = sum * shrink + p;
    ${each((c) => `mix${c} = mix${c} * shrink + p * v${c};`)}
  }
  let share = 1.0 / sum;
  ${store('result', 'mixed + token * uniforms.vectors', 'mix', 'share')}
  logSumExp[rows + token] = most + log(sum);`;

tf.registerKernel({
  kernelName: ATTENTION,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs }) => {
    const attributes = attrs as unknown as Attributes;
    const qkv = inputs.qkv as tf.TensorInfo;
    const [batch, tokens, threeWidths] = qkv.shape;
    const outputs = [
      { name: 'result', shape: [batch, tokens, threeWidths / 3], vec4: true },
      { name: 'logSumExp', shape: [batch, attributes.heads, tokens] },
    ];
    return runHeads('attention', attributes, { QKV: qkv }, outputs, (code) =>
      forward(code, attributes.causal),
    );
  },
});

/** With P = softmax and D = Σ dy·mixed of a query: dq = scale Σⱼ Pⱼ (dy·vⱼ − D) kⱼ. Leaves D for the other pass. */
const queryGradient = ({ load, share, zeros, dot, each, store }: HeadCode, causal: boolean) => `
  ${load('q', 'QKV', 'queries + token * stride', ' * uniforms.scale')}
  ${load('g', 'Gradient', 'mixed + token * uniforms.vectors')}
  ${load('m', 'Mixed', 'mixed + token * uniforms.vectors')}
  ${zeros('dq')}
  let along = ${dot('g', 'm')};
  let logSum = RowLogSumExp[rows + token];
  for (var j = 0; j < ${causal ? 'endToken' : 'tokens'}; j++) {
    ${share('k', 'QKV', 'keys + j * stride')}
    ${share('v', 'QKV', 'values + j * stride')}
    let p = ${causal ? 'select(0.0, exp' : '(exp'}(${dot('q', 'k')} - logSum)${causal ? ', j <= token' : ''});
    let ds = p * (${dot('g', 'v')} - along);
    ${each((c) => `dq${c} += ds * k${c};`)}
  }
  ${store('result', 'queries + token * stride', 'dq', 'uniforms.scale')}
  alongs[rows + token] = along;`;

/** dkⱼ = scale Σᵢ Pᵢⱼ (dyᵢ·vⱼ − Dᵢ) qᵢ and dvⱼ = Σᵢ Pᵢⱼ dyᵢ. */
const keyGradient = ({ load, share, zeros, dot, each, store }: HeadCode, causal: boolean) => `
  ${load('k', 'QKV', 'keys + token * stride', ' * uniforms.scale')}
  ${load('v', 'QKV', 'values + token * stride')}
  ${zeros('dk')}
  ${zeros('dv')}
  for (var i = ${causal ? 'firstToken' : '0'}; i < tokens; i++) {
    ${share('q', 'QKV', 'queries + i * stride')}
    ${share('g', 'Gradient', 'mixed + i * uniforms.vectors')}
    let p = ${causal ? 'select(0.0, exp' : '(exp'}(${dot('k', 'q')} - RowLogSumExp[rows + i])${causal ? ', token <= i' : ''});
    let ds = p * (${dot('v', 'g')} - RowAlong[rows + i]);
    ${each((c) => `dv${c} += p * g${c}; dk${c} += ds * q${c};`)}
  }
  ${store('result', 'keys + token * stride', 'dk', 'uniforms.scale')}
  ${store('result', 'values + token * stride', 'dv', '1.0')}`;

tf.registerKernel({
  kernelName: ATTENTION_GRADIENT,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs }) => {
    const attributes = attrs as unknown as Attributes;
    const { causal } = attributes;
    const { dy, qkv, mixed, logSumExp } = inputs as Record<string, tf.TensorInfo>;
    const shared = { QKV: qkv, Gradient: dy, RowLogSumExp: logSumExp };
    const [dqkv, alongs] = runHeads(
      'attentionQueries',
      attributes,
      { ...shared, Mixed: mixed },
      [
        { name: 'result', shape: qkv.shape, vec4: true },
        { name: 'alongs', shape: logSumExp.shape },
      ],
      (code) => queryGradient(code, causal),
    );
    runHeads(
      'attentionKeys',
      attributes,
      { ...shared, RowAlong: alongs },
      [{ name: 'result', shape: qkv.shape, vec4: true, tensor: dqkv }],
      (code) => keyGradient(code, causal),
    );
    tf.backend().disposeData(alongs.dataId);
    return dqkv;
  },
});
