import type * as tf from '@tensorflow/tfjs-core';
import { isSoftware, readingLanes, SOFTWARE_THREADS } from '../../device/webgpu/lanes';
import { ATTENTION, ATTENTION_GRADIENT, type AttentionAttributes, registerKernel } from '../kernels';
import { repeat } from './matmulCode';
import { type ProgramOutput, runProgram } from './program';

/** What the threads of some workgroups compute. */
interface Role {
  /** Whose, of each head. */
  tokensOf: 'queries' | 'keys';
  /**
   * How many tokens a thread has where threads read together: there reading is what takes the time, and what is read
   * serves all of them.
   */
  tokensEach: number;
  body: (code: HeadCode) => string;
}

/**
 * Attention on WebGPU without a [queries, tokens] matrix (Dao et al. 2022): one dispatch forward, with a thread for each
 * query, and one backward, where some workgroups compute the gradient of the queries, and others, with a thread for
 * each key, those of keys and values.
 *
 * @param key names the code
 */
function runHeads(
  key: string,
  { heads, causal, queries }: AttentionAttributes,
  inputs: Record<string, tf.TensorInfo>,
  outputs: ProgramOutput[],
  roles: Role[],
): tf.TensorInfo[] {
  const [batch, tokens, threeWidths] = inputs.QKV.shape;
  const counts = { queries, keys: tokens };
  const width = threeWidths / 3;
  const parts = width / heads / 4;
  const readers = readersOf(parts);
  const threads = isSoftware() ? SOFTWARE_THREADS : 32;
  const ownOf = ({ tokensEach }: Role) => (readers > 1 ? tokensEach : 1);
  const groupsOf = (role: Role) => Math.ceil(counts[role.tokensOf] / (threads * ownOf(role)));
  const firstGroups = groupsOf(roles[0]);
  return runProgram(
    {
      key: `${key}_${parts}_${causal}_${threads}_${readers}`,
      inputs: Object.keys(inputs),
      vec4: Object.keys(inputs).filter((name) => !name.startsWith('Row')),
      outputs,
      integers: { tokens, queries, heads, vectors: width / 4, parts, firstGroups },
      floats: { scale: (4 * parts) ** -0.5 },
      workgroupSize: [threads, 1, 1],
      dispatch: [roles.reduce((sum, role) => sum + groupsOf(role), 0), heads, batch],
      subgroups: readers > 1,
      code: `
        let tokens = uniforms.tokens;
        let head = i32(workgroupId.y);
        let image = i32(workgroupId.z);
        // In vectors of four: where this head's queries, keys and values begin, and from one token to the next.
        let stride = 3 * uniforms.vectors;
        let queries = image * tokens * stride + head * ${parts};
        let keys = queries + uniforms.vectors;
        let values = keys + uniforms.vectors;
        let mixed = image * uniforms.queries * uniforms.vectors + head * ${parts};
        let rows = (image * uniforms.heads + head) * uniforms.queries;
        ${readers > 1 ? `let reader = i32(subgroupLane) & ${readers - 1};` : ''}
        let isFirst = i32(workgroupId.x) < uniforms.firstGroups;
        let group = select(i32(workgroupId.x) - uniforms.firstGroups, i32(workgroupId.x), isFirst);
        ${roles
          .map((role, i) => {
            const own = ownOf(role);
            const count = role.tokensOf === 'queries' ? 'uniforms.queries' : 'tokens';
            return `${roles.length > 1 ? `if (isFirst == ${i === 0})` : ''} {
          let firstToken = group * ${threads * own};
          let endToken = min(firstToken + ${threads * own}, ${count});
          // Threads beyond the last token do its work once more, so that all are there to read.
          ${repeat(own, (t) => `let token${t} = min(firstToken + i32(localId.x) + ${t * threads}, ${count} - 1);`)}
          ${role.body(headCode(parts, readers, own))}
        }`;
          })
          .join('\n')}`,
    },
    Object.values(inputs),
  );
}

/** Threads that read a head's vectors together; each reads the same number of them. */
function readersOf(parts: number): number {
  const most = readingLanes();
  return parts % most === 0 ? most : parts % 4 === 0 && most > 4 ? 4 : 1;
}

/** Lines of code for the vectors of one head, each a handful of named registers; `t` counts a thread's own tokens. */
type HeadCode = ReturnType<typeof headCode>;

function headCode(parts: number, readers: number, own: number) {
  const tokens = (line: (t: number) => string) => repeat(own, line);
  const vectors = (line: (t: number, c: number) => string) =>
    repeat(own, (t) => repeat(parts, (c) => line(t, c)));
  const zeros = (name: string) => vectors((t, c) => `var ${name}${t}_${c} = vec4<f32>(0.0);`);
  const shift = (name: string) =>
    tokens((t) => repeat(parts - 1, (c) => `${name}${t}_${c} = ${name}${t}_${c + 1};`));
  /** Number c of the vectors that all threads need. */
  const shared = (name: string, c: number) =>
    readers === 1
      ? `${name}${c}`
      : `${readers === 4 ? 'quadBroadcast' : 'subgroupBroadcast'}(${name}${Math.floor(c / readers)}, ${c % readers}u)`;
  return {
    tokens,
    load: (name: string, source: string, from: (t: number) => string, factor = '') =>
      own === 1
        ? vectors((t, c) => `var ${name}${t}_${c} = ${source}[${from(t)} + ${c}]${factor};`)
        : `${zeros(name)}
          for (var c = 0; c < uniforms.parts; c++) {
            ${shift(name)}
            ${tokens((t) => `${name}${t}_${parts - 1} = ${source}[${from(t)} + c]${factor};`)}
          }`,
    zeros,
    store: (target: string, to: (t: number) => string, name: string, factor: (t: number) => string) =>
      own === 1
        ? vectors((t, c) => `${target}[${to(t)} + ${c}] = ${name}${t}_${c} * ${factor(t)};`)
        : `for (var c = 0; c < uniforms.parts; c++) {
            ${tokens((t) => `${target}[${to(t)} + c] = ${name}${t}_0 * ${factor(t)};`)}
            ${shift(name)}
          }`,
    dot: (t: number, a: string, b: string) =>
      repeat(parts, (c) => `dot(${a}${t}_${c}, ${b}${t}_${c})`, ' + '),
    /** Each thread reads its part of the vectors that all need. */
    share: (name: string, source: string, from: string) =>
      repeat(
        parts / readers,
        (i) => `let ${name}${i} = ${source}[${from} + ${i * readers}${readers > 1 ? ' + reader' : ''}];`,
      ),
    /** The dot product of shared vectors: each thread has that of its parts, and what its neighbours have is added. */
    sharedDot: (result: string, a: string, b: string) => `
      var ${result} = ${repeat(parts / readers, (i) => `dot(${a}${i}, ${b}${i})`, ' + ')};
      ${readers === 1 ? '' : `${result} += quadSwapX(${result}); ${result} += quadSwapY(${result});`}
      ${readers === 8 ? `${result} += subgroupShuffleXor(${result}, 4u);` : ''}`,
    /** Dot products of own vectors with shared ones, as `result`0 and so on. */
    dots: (result: string, name: string, sharedName: string) => `
      ${tokens((t) => `var ${result}${t} = 0.0;`)}
      ${repeat(
        parts,
        (c) => `{
        let x = ${shared(sharedName, c)};
        ${tokens((t) => `${result}${t} += dot(${name}${t}_${c}, x);`)}
      }`,
      )}`,
    /** Multiples of shared vectors are added to own ones. */
    add: (name: string, factor: string, sharedName: string, shrink = '') =>
      repeat(
        parts,
        (c) => `{
        let x = ${shared(sharedName, c)};
        ${tokens((t) => `${name}${t}_${c} = ${name}${t}_${c}${shrink && ` * ${shrink}${t}`} + ${factor}${t} * x;`)}
      }`,
      ),
  };
}

/** Softmax in one pass: what is summed so far shrinks whenever a larger score comes (Milakov & Gimelshein 2018). */
const forward = ({ tokens, load, share, zeros, dots, add, store }: HeadCode, causal: boolean) => `
  ${load('q', 'QKV', (t) => `queries + token${t} * stride`, ' * uniforms.scale')}
  ${zeros('mix')}
  ${tokens((t) => `var most${t} = -1e30; var sum${t} = 0.0;`)}
  for (var j = 0; j < ${causal ? 'endToken' : 'tokens'}; j++) {
    ${share('k', 'QKV', 'keys + j * stride')}
    ${share('v', 'QKV', 'values + j * stride')}
    ${dots('score', 'q', 'k')}
    ${tokens(
      (t) => `
      ${causal ? `score${t} = select(-1e30, score${t}, j <= token${t});` : ''}
      let larger${t} = max(most${t}, score${t});
      let shrink${t} = exp(most${t} - larger${t});
      let p${t} = exp(score${t} - larger${t});
      most${t} = larger${t};
      sum${t} = sum${t} * shrink${t} + p${t};`,
    )}
    ${add('mix', 'p', 'v', 'shrink')}
  }
  ${tokens((t) => `let share${t} = 1.0 / sum${t};`)}
  ${store(
    'result',
    (t) => `mixed + token${t} * uniforms.vectors`,
    'mix',
    (t) => `share${t}`,
  )}
  ${tokens((t) => `logSumExp[rows + token${t}] = most${t} + log(sum${t});`)}`;

registerKernel(ATTENTION, 'webgpu', (inputs, attributes) => {
  const qkv = inputs.qkv;
  const [batch, , threeWidths] = qkv.shape;
  const { heads, causal, queries } = attributes;
  const outputs = [
    { name: 'result', shape: [batch, queries, threeWidths / 3], vec4: true },
    { name: 'logSumExp', shape: [batch, heads, queries] },
  ];
  return runHeads('attention', attributes, { QKV: qkv }, outputs, [
    { tokensOf: 'queries', tokensEach: 3, body: (code) => forward(code, causal) },
  ]);
});

/** With P = softmax and D = Σ dy·mixed of a query: dq = scale Σⱼ Pⱼ (dy·vⱼ − D) kⱼ. */
const queryGradient = ({ tokens, load, share, zeros, dot, dots, add, store }: HeadCode, causal: boolean) => `
  ${load('q', 'QKV', (t) => `queries + token${t} * stride`, ' * uniforms.scale')}
  ${load('g', 'Gradient', (t) => `mixed + token${t} * uniforms.vectors`)}
  ${load('m', 'Mixed', (t) => `mixed + token${t} * uniforms.vectors`)}
  ${zeros('dq')}
  ${tokens((t) => `let along${t} = ${dot(t, 'g', 'm')}; let logSum${t} = RowLogSumExp[rows + token${t}];`)}
  for (var j = 0; j < ${causal ? 'endToken' : 'tokens'}; j++) {
    ${share('k', 'QKV', 'keys + j * stride')}
    ${share('v', 'QKV', 'values + j * stride')}
    ${dots('score', 'q', 'k')}
    ${dots('dp', 'g', 'v')}
    ${tokens(
      (t) => `
      let p${t} = ${causal ? 'select(0.0, exp' : '(exp'}(score${t} - logSum${t})${causal ? `, j <= token${t}` : ''});
      let ds${t} = p${t} * (dp${t} - along${t});`,
    )}
    ${add('dq', 'ds', 'k')}
  }
  ${store(
    'result',
    (t) => `queries + token${t} * stride`,
    'dq',
    () => 'uniforms.scale',
  )}`;

/** dkⱼ = scale Σᵢ Pᵢⱼ (dyᵢ·vⱼ − Dᵢ) qᵢ and dvⱼ = Σᵢ Pᵢⱼ dyᵢ; dqⱼ = 0 where token j was no query. */
const keyGradient = (
  { tokens, load, share, sharedDot, zeros, dots, add, store }: HeadCode,
  causal: boolean,
) => `
  ${load('k', 'QKV', (t) => `keys + token${t} * stride`, ' * uniforms.scale')}
  ${load('v', 'QKV', (t) => `values + token${t} * stride`)}
  ${zeros('dk')}
  ${zeros('dv')}
  for (var i = ${causal ? 'firstToken' : '0'}; i < uniforms.queries; i++) {
    ${share('q', 'QKV', 'queries + i * stride')}
    ${share('g', 'Gradient', 'mixed + i * uniforms.vectors')}
    ${share('m', 'Mixed', 'mixed + i * uniforms.vectors')}
    let logSum = RowLogSumExp[rows + i];
    ${sharedDot('along', 'g', 'm')}
    ${dots('score', 'k', 'q')}
    ${dots('dp', 'v', 'g')}
    ${tokens(
      (t) => `
      let p${t} = ${causal ? 'select(0.0, exp' : '(exp'}(score${t} - logSum)${causal ? `, token${t} <= i` : ''});
      let ds${t} = p${t} * (dp${t} - along);`,
    )}
    ${add('dv', 'p', 'g')}
    ${add('dk', 'ds', 'q')}
  }
  ${store(
    'result',
    (t) => `keys + token${t} * stride`,
    'dk',
    () => 'uniforms.scale',
  )}
  ${store(
    'result',
    (t) => `values + token${t} * stride`,
    'dv',
    () => '1.0',
  )}
  ${tokens(
    (t) => `
    if (token${t} >= uniforms.queries) {
      for (var c = 0; c < uniforms.parts; c++) { result[queries + token${t} * stride + c] = vec4<f32>(0.0); }
    }`,
  )}`;

registerKernel(ATTENTION_GRADIENT, 'webgpu', (inputs, attributes) => {
  const { causal } = attributes;
  const { dy, qkv, mixed, logSumExp } = inputs;
  return runHeads(
    'attentionGradient',
    attributes,
    { QKV: qkv, Gradient: dy, Mixed: mixed, RowLogSumExp: logSumExp },
    [{ name: 'result', shape: qkv.shape, vec4: true }],
    [
      { tokensOf: 'queries', tokensEach: 3, body: (code) => queryGradient(code, causal) },
      { tokensOf: 'keys', tokensEach: 2, body: (code) => keyGradient(code, causal) },
    ],
  )[0];
});
