import * as tf from '@tensorflow/tfjs-core';
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

const THREADS = 32;

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
  return runProgram(
    {
      key: `${key}_${parts}_${causal}`,
      inputs: Object.keys(inputs),
      vec4: Object.keys(inputs).filter((name) => !name.startsWith('Row')),
      outputs,
      integers: { tokens, heads, vectors: width / 4 },
      floats: { scale: (4 * parts) ** -0.5 },
      workgroupSize: [THREADS, 1, 1],
      dispatch: [Math.ceil(tokens / THREADS), heads, batch],
      code: `
        let token = i32(globalId.x);
        let tokens = uniforms.tokens;
        if (token >= tokens) { return; }
        let head = i32(workgroupId.y);
        let image = i32(workgroupId.z);
        // In vectors of four: where this head's queries, keys and values begin, and from one token to the next.
        let stride = 3 * uniforms.vectors;
        let queries = image * tokens * stride + head * ${parts};
        let keys = queries + uniforms.vectors;
        let values = keys + uniforms.vectors;
        let mixed = image * tokens * uniforms.vectors + head * ${parts};
        let rows = (image * uniforms.heads + head) * tokens;
        ${body(headCode(parts))}`,
    },
    Object.values(inputs),
  );
}

/** Lines of code for the vectors of one head, each a handful of named registers. */
type HeadCode = ReturnType<typeof headCode>;

function headCode(parts: number) {
  const all = (line: (c: number) => string) => [...Array(parts).keys()].map(line).join(' ');
  return {
    load: (name: string, from: string, factor = '') =>
      all((c) => `let ${name}${c} = ${from.replace('#', String(c))}${factor};`),
    zeros: (name: string) => all((c) => `var ${name}${c} = vec4<f32>(0.0);`),
    dot: (name: string, from: string) =>
      [...Array(parts).keys()].map((c) => `dot(${name}${c}, ${from.replace('#', String(c))})`).join(' + '),
    add: (name: string, factor: string, from: string) =>
      all((c) => `${name}${c} += ${factor} * ${from.replace('#', String(c))};`),
    scale: (name: string, factor: string) => all((c) => `${name}${c} *= ${factor};`),
    store: (to: string, name: string, factor: string) =>
      all((c) => `${to.replace('#', String(c))} = ${name}${c} * ${factor};`),
  };
}

/** Softmax in one pass: the sum and the mix are scaled again whenever a larger score comes (Milakov & Gimelshein 2018). */
const forward = ({ load, zeros, dot, add, scale, store }: HeadCode, causal: boolean) => `
  ${load('q', 'QKV[queries + token * stride + #]', ' * uniforms.scale')}
  ${zeros('mix')}
  var most = -1e30;
  var sum = 0.0;
  for (var j = 0; j < ${causal ? 'token + 1' : 'tokens'}; j++) {
    let key = keys + j * stride;
    let score = ${dot('q', 'QKV[key + #]')};
    if (score > most) {
      let shrink = exp(most - score);
      sum *= shrink;
      ${scale('mix', 'shrink')}
      most = score;
    }
    let p = exp(score - most);
    sum += p;
    let value = values + j * stride;
    ${add('mix', 'p', 'QKV[value + #]')}
  }
  let share = 1.0 / sum;
  ${store('result[mixed + token * uniforms.vectors + #]', 'mix', 'share')}
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
const queryGradient = ({ load, zeros, dot, add, store }: HeadCode, causal: boolean) => `
  ${load('q', 'QKV[queries + token * stride + #]', ' * uniforms.scale')}
  ${load('g', 'Gradient[mixed + token * uniforms.vectors + #]')}
  ${zeros('dq')}
  let along = ${dot('g', 'Mixed[mixed + token * uniforms.vectors + #]')};
  let logSum = RowLogSumExp[rows + token];
  for (var j = 0; j < ${causal ? 'token + 1' : 'tokens'}; j++) {
    let key = keys + j * stride;
    let value = values + j * stride;
    let p = exp(${dot('q', 'QKV[key + #]')} - logSum);
    let ds = p * (${dot('g', 'QKV[value + #]')} - along);
    ${add('dq', 'ds', 'QKV[key + #]')}
  }
  ${store('result[queries + token * stride + #]', 'dq', 'uniforms.scale')}
  alongs[rows + token] = along;`;

/** dkⱼ = scale Σᵢ Pᵢⱼ (dyᵢ·vⱼ − Dᵢ) qᵢ and dvⱼ = Σᵢ Pᵢⱼ dyᵢ. */
const keyGradient = ({ load, zeros, dot, add, store }: HeadCode, causal: boolean) => `
  ${load('k', 'QKV[keys + token * stride + #]', ' * uniforms.scale')}
  ${load('v', 'QKV[values + token * stride + #]')}
  ${zeros('dk')}
  ${zeros('dv')}
  for (var i = ${causal ? 'token' : '0'}; i < tokens; i++) {
    let query = queries + i * stride;
    let gradient = mixed + i * uniforms.vectors;
    let p = exp(${dot('k', 'QKV[query + #]')} - RowLogSumExp[rows + i]);
    let ds = p * (${dot('v', 'Gradient[gradient + #]')} - RowAlong[rows + i]);
    ${add('dv', 'p', 'Gradient[gradient + #]')}
    ${add('dk', 'ds', 'QKV[query + #]')}
  }
  ${store('result[keys + token * stride + #]', 'dk', 'uniforms.scale')}
  ${store('result[values + token * stride + #]', 'dv', '1.0')}`;

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
