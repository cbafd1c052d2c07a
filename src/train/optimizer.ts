import * as tf from '@tensorflow/tfjs-core';
import {
  disposeVariables,
  type FlatTensor,
  flatGradients,
  type Variables,
  zerosLike,
} from '../device/variables';
import { adamW } from '../ops/adamW';
import { clippingScale } from '../ops/clippingScale';
import { sgd } from '../ops/sgd';
import { adamWFlat, clippingScaleFlat, type FlatUpdate, sgdFlat } from '../ops/webgpu/flatOptimizers';
import type { TrainOptions } from './options';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

type OptimizerOptions = Pick<TrainOptions, 'optimizer' | 'weightDecay' | 'momentum' | 'maxGradientNorm'>;

/** Updates parameters in place from their gradients, and keeps what it must remember about each. */
export interface Optimizer {
  /** Its memory by name, such as `firstMoment.edu.alpha`; starts at zeros. */
  readonly state: Record<string, tf.Variable>;
  /** What `update` must know of a step (counted from 0), as numbers that a recorded step can read: [4]. */
  stepNumbers(step: number, learningRate: number): Float32Array<ArrayBuffer>;
  /**
   * @param gradients by the parameters' names; a parameter without one stays as it is
   * @param numbers of `stepNumbers`, [4]
   */
  update(gradients: Record<string, tf.Tensor>, numbers: tf.Tensor): void;
  dispose(): void;
}

/** AdamW with decay on tensors of rank ≥ 2 only, or SGD with momentum and decay on all, as PyTorch computes them. */
export function createOptimizer(parameters: Variables, options: OptimizerOptions): Optimizer {
  const names = options.optimizer === 'adamw' ? ['firstMoment', 'secondMoment'] : ['momentum'];
  const slots = names.map(() => zerosLike(parameters));
  const state: Record<string, tf.Variable> = {};
  for (const [i, slot] of names.entries())
    for (const [name, variable] of Object.entries(slots[i].byName)) state[`${slot}.${name}`] = variable;
  return {
    state,
    stepNumbers: (step, learningRate) =>
      Float32Array.of(
        learningRate,
        step + 1,
        learningRate / (1 - BETA1 ** (step + 1)),
        (1 - BETA2 ** (step + 1)) ** -0.5,
      ),
    update(gradients, numbers) {
      if (parameters.flats) updateFlat(parameters, parameters.flats, slots, gradients, numbers, options);
      else updateEach(parameters, slots, gradients, numbers, options);
    },
    dispose: () => slots.forEach(disposeVariables),
  };
}

/** One dispatch for all parameters of a buffer, and where gradients are clipped one more for each, and one for all. */
function updateFlat(
  parameters: Variables,
  flats: FlatTensor[],
  slots: Variables[],
  gradients: Record<string, tf.Tensor>,
  numbers: tf.Tensor,
  options: OptimizerOptions,
): void {
  const { maxGradientNorm } = options;
  tf.tidy(() => {
    const packs = flats.flatMap((flat, i) => {
      const own = Object.fromEntries(Object.entries(gradients).filter(([name]) => name in flat.offsets));
      if (Object.keys(own).length === 0) return [];
      const slotTensors = slots.flatMap((slot) => slot.flats?.[i].tensor ?? []);
      return { flat, own, packed: flatGradients(own, flat), slotTensors };
    });
    const scale = maxGradientNorm
      ? clippingScaleFlat(
          packs.map(({ flat, own, packed }) => ({ gradients: packed, parts: gradientParts(own, flat) })),
          maxGradientNorm,
        )
      : undefined;
    for (const { flat, own, packed, slotTensors } of packs) {
      const update: FlatUpdate = {
        parameters: flat.tensor,
        gradients: packed,
        scale,
        slots: slotTensors,
        numbers,
        decays: blockDecays(parameters, flat, own, options),
      };
      if (options.optimizer === 'sgd') sgdFlat(update, options.momentum);
      else adamWFlat(update, { beta1: BETA1, beta2: BETA2, epsilon: EPSILON });
    }
  });
}

/** Numbers that share a weight decay: variables begin at multiples of this. */
const BLOCK = 64;

/** The weight decay of each block of numbers; −1 where there is no gradient, so that nothing may change. */
function blockDecays(
  { byName }: Variables,
  { tensor, offsets }: FlatTensor,
  gradients: Record<string, tf.Tensor>,
  options: OptimizerOptions,
): tf.Tensor {
  const decays = new Float32Array(tensor.size / BLOCK).fill(-1);
  for (const name of Object.keys(gradients)) {
    const first = offsets[name] / 4 / BLOCK;
    decays.fill(decayOf(byName[name], options), first, first + Math.ceil(byName[name].size / BLOCK));
  }
  return tf.tensor1d(decays);
}

/** Most numbers of a gradient that are squared and summed at a stretch; a multiple of the block. */
const PART = 4096;

/** The gradients in parts: where each begins, in blocks, and its size, [parts, 2]. What lies between is left out. */
function gradientParts(gradients: Record<string, tf.Tensor>, { offsets }: FlatTensor): tf.Tensor2D {
  const parts: [number, number][] = [];
  for (const [name, { size }] of Object.entries(gradients))
    for (let first = 0; first < size; first += PART)
      parts.push([(offsets[name] / 4 + first) / BLOCK, Math.min(PART, size - first)]);
  return tf.tensor2d(parts);
}

function decayOf({ rank }: tf.Tensor, { optimizer, weightDecay }: OptimizerOptions): number {
  return optimizer === 'sgd' || rank >= 2 ? weightDecay : 0;
}

function updateEach(
  { byName }: Variables,
  slots: Variables[],
  gradients: Record<string, tf.Tensor>,
  numbers: tf.Tensor,
  options: OptimizerOptions,
): void {
  const { optimizer, momentum, maxGradientNorm } = options;
  const [learningRate, step] = numbers.dataSync();
  const scale = maxGradientNorm ? clippingScale(Object.values(gradients), maxGradientNorm) : 1;
  for (const [name, whole] of Object.entries(gradients)) {
    const [first, second] = slots.map((slot) => slot.byName[name]);
    const weightDecay = decayOf(byName[name], options);
    tf.tidy(() => {
      if (optimizer === 'sgd') {
        const gradient = scale < 1 ? tf.mul(whole, scale) : whole;
        sgd(byName[name], gradient, first, { learningRate, momentum, weightDecay });
      } else
        adamW(byName[name], whole, first, second, {
          scale,
          learningRate,
          beta1: BETA1,
          beta2: BETA2,
          epsilon: EPSILON,
          weightDecay,
          step,
        });
    });
  }
}
