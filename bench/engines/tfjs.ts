import * as tf from '@tensorflow/tfjs-core';
import type { ClipConfig } from '../../src/clip/config';
import type { HostTensors } from '../../src/files/tensors';
import { ADAM_W, type Problem } from '../problem';
import { configOf } from '../shapes';
import type { Losses, StepEngine } from './engine';
import { type PlainBackend, usePlainTfjs } from './plainTfjs';

type Tensors = Record<string, tf.Tensor>;

/** The step written with tfjs's ordinary ops, one after the other, as its documentation teaches. */
export async function createTfjsEngine(problem: Problem, backend: PlainBackend): Promise<StepEngine> {
  const activate = () => usePlainTfjs(backend);
  await activate();
  const { shape, trained } = problem;
  const { batch, d, texts } = shape;
  const weights: Tensors = upload(problem.student);
  const parameters: Record<string, tf.Variable> = {};
  for (const name of trained) {
    const start = weights[name];
    weights[name] = parameters[name] = tf.variable(start);
    start.dispose();
  }
  const zeros = (shape: number[]) => tf.tidy(() => tf.variable(tf.zeros(shape)));
  const moments = Object.entries(parameters).map(([name, { shape }]) => ({
    name,
    first: zeros(shape),
    second: zeros(shape),
  }));
  const teacher = upload(problem.teacher);
  const W = tf.tensor2d(problem.W, [texts, d]);
  const student = configOf(shape.student);
  let steps = 0;

  const teacherFeatures = () => {
    const { teacherInput } = problem;
    if ('features' in teacherInput) return tf.tensor2d(teacherInput.features, [batch, d]);
    if (!shape.teacher) throw new Error(`${shape.name} has no teacher for its pixels`);
    return unitLength(imageFeatures(teacher, configOf(shape.teacher), teacherInput.pixels, batch));
  };

  const step = () =>
    tf.tidy(() => {
      const u_t = teacherFeatures();
      let losses: ReturnType<typeof lossesOf> | undefined;
      const { grads } = tf.variableGrads(() => {
        const x = imageFeatures(weights, student, problem.pixels, batch);
        losses = lossesOf(weights, x, u_t, W, problem.s);
        for (const tensor of Object.values(losses)) tf.keep(tensor);
        return losses.total;
      }, Object.values(parameters));
      steps++;
      for (const { name, first, second } of moments)
        updateAdamW(parameters[name], grads[parameters[name].name], first, second, steps);
      if (!losses) throw new Error('variableGrads did not run the forward pass');
      updateRunning(weights, losses.mu, losses.sigma2, batch);
      const { total, mean, variance, kl, ...rest } = losses;
      const figures = tf.stack([total, mean, variance, kl]);
      tf.dispose([total, mean, variance, kl, ...Object.values(rest)]);
      return figures;
    });

  return {
    activate,
    async step(): Promise<Losses> {
      const figures = step();
      const [total, mean, variance, kl] = await figures.data();
      figures.dispose();
      return { total, mean, variance, kl };
    },
    dispose: () =>
      tf.dispose([weights, teacher, W, ...moments.flatMap(({ first, second }) => [first, second])]),
  };
}

function upload(tensors: HostTensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { data, shape }]) => [name, tf.tensor(data, shape)]),
  );
}

/** A ViT with deep prompts, where it has them: [batch, features]. */
function imageFeatures(
  weights: Tensors,
  { vision }: ClipConfig,
  pixels: Float32Array,
  batch: number,
): tf.Tensor {
  const { imageSize: size, patchSize: patch, hiddenSize: width, layerNormEps, numAttentionHeads } = vision;
  const grid = size / patch;
  const area = 3 * patch * patch;
  const image = tf.tensor(pixels, [batch, 3, grid, patch, grid, patch]);
  const patches = tf.reshape(tf.transpose(image, [0, 2, 4, 1, 3, 5]), [batch * grid * grid, area]);
  const kernel = tf.reshape(weights['vision_model.embeddings.patch_embedding.weight'], [width, area]);
  const embedded = tf.reshape(tf.matMul(patches, kernel as tf.Tensor2D, false, true), [
    batch,
    grid * grid,
    width,
  ]);
  const classToken = tf.tile(tf.reshape(weights['vision_model.embeddings.class_embedding'], [1, 1, width]), [
    batch,
    1,
    1,
  ]);
  const positions = weights['vision_model.embeddings.position_embedding.weight'];
  let x = tf.add(tf.concat([classToken, embedded], 1), positions);
  const prompts = weights['prompts'];
  if (prompts) x = tf.concat([x, layerPrompts(prompts, 0, batch)], 1);
  x = layerNorm(weights, 'vision_model.pre_layrnorm', x, layerNormEps);
  for (let i = 0; i < vision.numHiddenLayers; i++) {
    if (prompts && i > 0 && i < prompts.shape[0]) {
      const kept = tf.slice(x, [0, 0, 0], [-1, 1 + grid * grid, -1]);
      x = tf.concat([kept, layerPrompts(prompts, i, batch)], 1);
    }
    const layer = `vision_model.encoder.layers.${i}`;
    const normed = layerNorm(weights, `${layer}.layer_norm1`, x, layerNormEps);
    x = tf.add(x, attention(weights, `${layer}.self_attn`, normed, numAttentionHeads));
    const wide = linear(
      weights,
      `${layer}.mlp.fc1`,
      layerNorm(weights, `${layer}.layer_norm2`, x, layerNormEps),
    );
    x = tf.add(x, linear(weights, `${layer}.mlp.fc2`, tf.mul(wide, tf.sigmoid(tf.mul(wide, 1.702)))));
  }
  const first = tf.reshape(tf.slice(x, [0, 0, 0], [-1, 1, -1]), [batch, width]);
  return linear(
    weights,
    'visual_projection',
    layerNorm(weights, 'vision_model.post_layernorm', first, layerNormEps),
  );
}

function layerPrompts(prompts: tf.Tensor, i: number, batch: number): tf.Tensor {
  return tf.tile(tf.slice(prompts, [i, 0, 0], [1, -1, -1]), [batch, 1, 1]);
}

function linear(weights: Tensors, name: string, x: tf.Tensor): tf.Tensor {
  const weight = weights[`${name}.weight`] as tf.Tensor2D;
  const [out, inner] = weight.shape;
  const y = tf.matMul(tf.reshape(x, [-1, inner]), weight, false, true);
  const bias = weights[`${name}.bias`];
  return tf.reshape(bias ? tf.add(y, bias) : y, [...x.shape.slice(0, -1), out]);
}

function layerNorm(weights: Tensors, name: string, x: tf.Tensor, epsilon: number): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  const normed = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(normed, weights[`${name}.weight`]), weights[`${name}.bias`]);
}

function attention(weights: Tensors, name: string, x: tf.Tensor, heads: number): tf.Tensor {
  const [batch, tokens, width] = x.shape;
  const split = (projection: string) =>
    tf.transpose(
      tf.reshape(linear(weights, `${name}.${projection}`, x), [batch, tokens, heads, width / heads]),
      [0, 2, 1, 3],
    );
  const scores = tf.mul(tf.matMul(split('q_proj'), split('k_proj'), false, true), (width / heads) ** -0.5);
  const mixed = tf.matMul(tf.softmax(scores), split('v_proj'));
  const joined = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, tokens, width]);
  return linear(weights, `${name}.out_proj`, joined);
}

/** ComKD-CLIP's losses, and the batch norm's statistics `mu` and `sigma2`. */
function lossesOf(weights: Tensors, x: tf.Tensor, u_t: tf.Tensor, W: tf.Tensor2D, s: number) {
  const hidden = linear(weights, 'projector.fc1', x);
  const { mean: mu, variance: sigma2 } = tf.moments(hidden, 0);
  const scaled = tf.mul(
    tf.mul(tf.sub(hidden, mu), tf.rsqrt(tf.add(sigma2, 1e-5))),
    weights['projector.bn.weight'],
  );
  const u_s = unitLength(
    linear(weights, 'projector.fc2', tf.relu(tf.add(scaled, weights['projector.bn.bias']))),
  );
  const teacher = tf.moments(u_t, 0);
  const student = tf.moments(u_s, 0);
  const mean = tf.mean(tf.abs(tf.sub(student.mean, teacher.mean)));
  const variance = tf.mean(tf.abs(tf.sub(student.variance, teacher.variance)));
  const keys = linear(weights, 'edu.k', W);
  const scores = tf.matMul(linear(weights, 'edu.q', u_s), keys, false, true);
  const attended = tf.matMul(
    tf.softmax(tf.mul(scores, (keys.shape[1] as number) ** -0.5)),
    linear(weights, 'edu.v', W),
  );
  const f_e = unitLength(tf.add(tf.mul(attended, weights['edu.alpha']), u_s));
  const logTarget = tf.logSoftmax(tf.mul(tf.matMul(u_t, W, false, true), s));
  const logInput = tf.logSoftmax(tf.mul(tf.matMul(f_e, W, false, true), s));
  const kl = tf.mean(tf.sum(tf.mul(tf.exp(logTarget), tf.sub(logTarget, logInput)), -1));
  const total = tf.add(tf.add(mean, variance), kl) as tf.Scalar;
  return { total, mean, variance, kl, mu, sigma2 };
}

function unitLength(x: tf.Tensor): tf.Tensor {
  return tf.div(x, tf.sqrt(tf.sum(tf.square(x), -1, true)));
}

function updateAdamW(
  parameter: tf.Variable,
  gradient: tf.Tensor,
  first: tf.Variable,
  second: tf.Variable,
  step: number,
): void {
  const { beta1, beta2, epsilon, learningRate, weightDecay } = ADAM_W;
  const decay = parameter.rank >= 2 ? weightDecay : 0;
  first.assign(tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1)));
  second.assign(tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
  const deviation = tf.add(tf.mul(tf.sqrt(second), (1 - beta2 ** step) ** -0.5), epsilon);
  const update = tf.mul(tf.div(first, deviation), learningRate / (1 - beta1 ** step));
  parameter.assign(tf.sub(tf.mul(parameter, 1 - learningRate * decay), update));
}

/** The batch norm's running statistics: 0.9 of the old, 0.1 of the new with the unbiased variance. */
function updateRunning(weights: Tensors, mu: tf.Tensor, sigma2: tf.Tensor, batch: number): void {
  const blend = (name: string, fresh: tf.Tensor, factor: number) => {
    const old = weights[`projector.bn.${name}`];
    weights[`projector.bn.${name}`] = tf.keep(tf.add(tf.mul(old, 0.9), tf.mul(fresh, 0.1 * factor)));
    old.dispose();
  };
  blend('running_mean', mu, 1);
  blend('running_var', sigma2, batch / (batch - 1));
}
