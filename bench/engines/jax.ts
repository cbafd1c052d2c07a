import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import type { ClipConfig } from '../../src/clip/config';
import type { HostTensors } from '../../src/files/tensors';
import { ADAM_W, type Problem } from '../problem';
import { configOf } from '../shapes';
import type { Losses, StepEngine } from './engine';

// jax-js counts references: an operation consumes its operands, and `x.ref` is for those that are used again.

type Arrays = Record<string, np.Array>;

/** What changes from step to step. */
type State = { parameters: Arrays; first: Arrays; second: Arrays; running: Arrays };

/** What a step is given beside the state. */
type Batch = {
  frozen: Arrays;
  pixels: np.Array;
  teacher: Arrays;
  teacherInput: np.Array;
  W: np.Array;
  corrections: Arrays;
};

const RUNNING = ['projector.bn.running_mean', 'projector.bn.running_var'];

/** The step in jax-js as its documentation teaches: forward, gradients and optimiser in one `jit`. */
export async function createJaxEngine(problem: Problem, device: 'webgpu' | 'wasm'): Promise<StepEngine> {
  const available = await init(device);
  if (!available.includes(device)) throw new Error(`jax-js could not start its ${device} backend.`);
  const activate = async () => {
    defaultDevice(device);
  };
  await activate();
  const { shape, trained } = problem;
  const { batch, d, texts } = shape;
  const upload = (tensors: HostTensors, isChosen: (name: string) => boolean): Arrays =>
    Object.fromEntries(
      Object.entries(tensors)
        .filter(([name]) => isChosen(name))
        .map(([name, { data, shape }]) => [name, np.array(Float32Array.from(data), { shape })]),
    );
  const zeros = (): Arrays =>
    Object.fromEntries(trained.map((name) => [name, np.zeros(problem.student[name].shape)]));
  let state: State = {
    parameters: upload(problem.student, (name) => trained.includes(name)),
    first: zeros(),
    second: zeros(),
    running: upload(problem.student, (name) => RUNNING.includes(name)),
  };
  const frozen = upload(problem.student, (name) => !trained.includes(name) && !RUNNING.includes(name));
  const teacher = upload(problem.teacher, (name) => /^vis/.test(name));
  const W = np.array(problem.W, { shape: [texts, d] });
  const trainStep = jit((before: State, given: Batch) => takeStep(problem, before, given));
  const { beta1, beta2 } = ADAM_W;
  let steps = 0;

  return {
    activate,
    async step(): Promise<Losses> {
      steps++;
      const result = trainStep(state, {
        frozen: tree.ref(frozen),
        teacher: tree.ref(teacher),
        W: W.ref,
        pixels: imageArray(problem.pixels, batch, configOf(shape.student)),
        teacherInput: teacherArray(problem),
        corrections: {
          first: np.array(Float32Array.of(1 - beta1 ** steps)),
          second: np.array(Float32Array.of(1 - beta2 ** steps)),
        },
      });
      state = result.state;
      const [total, mean, variance, kl] = await result.losses.data();
      return { total, mean, variance, kl };
    },
    dispose() {
      tree.dispose([state, frozen, teacher, W]);
      trainStep.dispose();
    },
  };
}

function imageArray(pixels: Float32Array<ArrayBuffer>, batch: number, { vision }: ClipConfig): np.Array {
  const { imageSize, patchSize } = vision;
  const grid = imageSize / patchSize;
  return np.array(pixels, { shape: [batch, 3, grid, patchSize, grid, patchSize] });
}

function teacherArray({ shape, teacherInput }: Problem): np.Array {
  if ('features' in teacherInput) return np.array(teacherInput.features, { shape: [shape.batch, shape.d] });
  return imageArray(teacherInput.pixels, shape.batch, configOf(shape.teacher ?? shape.student));
}

function takeStep(problem: Problem, { parameters, first, second, running }: State, given: Batch) {
  const { shape, s } = problem;
  const { frozen, pixels, teacher, teacherInput, W, corrections } = given;
  const u_t = shape.teacher
    ? unitLength(imageFeatures(teacher, configOf(shape.teacher), teacherInput))
    : teacherInput;
  const loss = (trained: Arrays) => {
    const weights = { ...trained, ...tree.ref(frozen) };
    return lossesOf(weights, imageFeatures(weights, configOf(shape.student), pixels.ref), u_t.ref, W.ref, s);
  };
  const [[, { losses, mu, sigma2 }], gradients] = valueAndGrad(loss, { hasAux: true })(tree.ref(parameters));
  tree.dispose([frozen, pixels, u_t, W]);
  const state: State = { parameters: {}, first: {}, second: {}, running: {} };
  for (const [name, parameter] of Object.entries(parameters)) {
    const updated = adamW(parameter, gradients[name], first[name], second[name], corrections);
    state.parameters[name] = updated.parameter;
    state.first[name] = updated.first;
    state.second[name] = updated.second;
  }
  tree.dispose(corrections);
  const { batch } = shape;
  const [mean, variance] = RUNNING;
  state.running[mean] = running[mean].mul(0.9).add(mu.mul(0.1));
  state.running[variance] = running[variance].mul(0.9).add(sigma2.mul((0.1 * batch) / (batch - 1)));
  return { state, losses };
}

function adamW(
  parameter: np.Array,
  gradient: np.Array,
  first: np.Array,
  second: np.Array,
  corrections: Arrays,
) {
  const { beta1, beta2, epsilon, learningRate, weightDecay } = ADAM_W;
  const decay = parameter.ndim >= 2 ? weightDecay : 0;
  const m = first.mul(beta1).add(gradient.ref.mul(1 - beta1));
  const v = second.mul(beta2).add(np.square(gradient).mul(1 - beta2));
  const shape = parameter.shape;
  const corrected = m.ref.div(corrections.first.ref.reshape(shape.map(() => 1)));
  const deviation = np.sqrt(v.ref.div(corrections.second.ref.reshape(shape.map(() => 1))));
  const update = corrected.div(deviation.add(epsilon)).mul(learningRate);
  return { parameter: parameter.mul(1 - learningRate * decay).sub(update), first: m, second: v };
}

/** A ViT with deep prompts, where it has them: [batch, features]. Consumes the tower's weights. */
function imageFeatures(weights: Arrays, { vision }: ClipConfig, image: np.Array): np.Array {
  const { patchSize, hiddenSize: width, layerNormEps, numAttentionHeads } = vision;
  const [batch, , grid] = image.shape;
  const area = 3 * patchSize ** 2;
  const patches = image.transpose([0, 2, 4, 1, 3, 5]).reshape([batch, grid * grid, area]);
  const kernel = weights['vision_model.embeddings.patch_embedding.weight'].reshape([width, area]);
  const classToken = np.broadcastTo(
    weights['vision_model.embeddings.class_embedding'].reshape([1, 1, width]),
    [batch, 1, width],
  );
  const positions = weights['vision_model.embeddings.position_embedding.weight'];
  let x = np.concatenate([classToken, np.matmul(patches, kernel.transpose())], 1).add(positions);
  const prompts: np.Array | undefined = weights['prompts'];
  const [depth, count] = prompts?.shape ?? [0, 0];
  const promptsOf = (i: number) => np.broadcastTo(prompts.ref.slice([i, i + 1]), [batch, count, width]);
  if (prompts) x = np.concatenate([x, promptsOf(0)], 1);
  x = layerNorm(weights, 'vision_model.pre_layrnorm', x, layerNormEps);
  for (let i = 0; i < vision.numHiddenLayers; i++) {
    if (i > 0 && i < depth) x = np.concatenate([x.slice([], [0, x.shape[1] - count]), promptsOf(i)], 1);
    const layer = `vision_model.encoder.layers.${i}`;
    const normed = layerNorm(weights, `${layer}.layer_norm1`, x.ref, layerNormEps);
    x = x.add(attention(weights, `${layer}.self_attn`, normed, numAttentionHeads));
    const wide = linear(
      weights,
      `${layer}.mlp.fc1`,
      layerNorm(weights, `${layer}.layer_norm2`, x.ref, layerNormEps),
    );
    x = x.add(linear(weights, `${layer}.mlp.fc2`, wide.ref.mul(nn.sigmoid(wide.mul(1.702)))));
  }
  prompts?.dispose();
  const first = x.slice([], 0);
  return linear(
    weights,
    'visual_projection',
    layerNorm(weights, 'vision_model.post_layernorm', first, layerNormEps),
  );
}

function linear(weights: Arrays, name: string, x: np.Array): np.Array {
  const y = np.matmul(x, weights[`${name}.weight`].transpose());
  const bias: np.Array | undefined = weights[`${name}.bias`];
  return bias ? y.add(bias) : y;
}

function layerNorm(weights: Arrays, name: string, x: np.Array, epsilon: number): np.Array {
  const normed = nn.standardize(x, -1, { epsilon });
  return normed.mul(weights[`${name}.weight`]).add(weights[`${name}.bias`]);
}

function attention(weights: Arrays, name: string, x: np.Array, heads: number): np.Array {
  const [batch, tokens, width] = x.shape;
  const split = (projection: string) =>
    linear(weights, `${name}.${projection}`, x.ref)
      .reshape([batch, tokens, heads, width / heads])
      .transpose([0, 2, 1, 3]);
  const q = split('q_proj');
  const scores = np.matmul(q, split('k_proj').transpose([0, 1, 3, 2])).mul((width / heads) ** -0.5);
  const mixed = np.matmul(nn.softmax(scores, -1), split('v_proj'));
  x.dispose();
  return linear(weights, `${name}.out_proj`, mixed.transpose([0, 2, 1, 3]).reshape([batch, tokens, width]));
}

/** ComKD-CLIP's loss; beside it its parts, and the batch norm's statistics `mu` and `sigma2`. */
function lossesOf(
  weights: Arrays,
  x: np.Array,
  u_t: np.Array,
  W: np.Array,
  s: number,
): [np.Array, { losses: np.Array; mu: np.Array; sigma2: np.Array }] {
  const hidden = linear(weights, 'projector.fc1', x);
  const mu = np.mean(hidden.ref, 0);
  const sigma2 = np.var_(hidden.ref, 0);
  const normed = hidden.sub(mu.ref).div(np.sqrt(sigma2.ref.add(1e-5)));
  const scaled = normed.mul(weights['projector.bn.weight']).add(weights['projector.bn.bias']);
  const u_s = unitLength(linear(weights, 'projector.fc2', nn.relu(scaled)));
  const mean = np.mean(np.abs(np.mean(u_s.ref, 0).sub(np.mean(u_t.ref, 0))));
  const variance = np.mean(np.abs(np.var_(u_s.ref, 0).sub(np.var_(u_t.ref, 0))));
  const keys = linear(weights, 'edu.k', W.ref);
  const size = keys.shape[1];
  const scores = np.matmul(linear(weights, 'edu.q', u_s.ref), keys.transpose()).mul(size ** -0.5);
  const attended = np.matmul(nn.softmax(scores, -1), linear(weights, 'edu.v', W.ref));
  const f_e = unitLength(attended.mul(weights['edu.alpha']).add(u_s));
  const logTarget = nn.logSoftmax(np.matmul(u_t, W.ref.transpose()).mul(s), -1);
  const logInput = nn.logSoftmax(np.matmul(f_e, W.transpose()).mul(s), -1);
  const kl = np.mean(np.sum(np.exp(logTarget.ref).mul(logTarget.sub(logInput)), -1));
  const total = mean.ref.add(variance.ref).add(kl.ref);
  return [total, { losses: np.stack([total.ref, mean, variance, kl]), mu, sigma2 }];
}

function unitLength(x: np.Array): np.Array {
  return x.ref.div(np.sqrt(np.sum(np.square(x), -1, { keepdims: true })));
}
