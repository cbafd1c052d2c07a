import * as tf from '@tensorflow/tfjs-core';
import { adamW } from '../ops/adamW';
import { sgd } from '../ops/sgd';
import type { TrainOptions } from './options';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** Updates parameters in place from their gradients, and keeps what it must remember about each. */
export interface Optimizer {
  /** Its memory by name, such as `firstMoment.edu.alpha`; starts at zeros. */
  readonly state: Record<string, tf.Variable>;
  /**
   * @param gradients by the parameters' names; a parameter without one stays as it is
   * @param step counted from 0
   */
  update(gradients: Record<string, tf.Tensor>, step: number, learningRate: number): void;
  dispose(): void;
}

/** AdamW with decay on tensors of rank ≥ 2 only, or SGD with momentum and decay on all, as PyTorch computes them. */
export function createOptimizer(
  parameters: Record<string, tf.Variable>,
  { optimizer, weightDecay, momentum }: Pick<TrainOptions, 'optimizer' | 'weightDecay' | 'momentum'>,
): Optimizer {
  const slots = optimizer === 'adamw' ? ['firstMoment', 'secondMoment'] : ['momentum'];
  const state = zerosLike(parameters, slots);
  return {
    state,
    update(gradients, step, learningRate) {
      for (const [name, gradient] of Object.entries(gradients)) {
        const parameter = parameters[name];
        if (optimizer === 'sgd')
          sgd(parameter, gradient, state[`momentum.${name}`], { learningRate, momentum, weightDecay });
        else
          adamW(parameter, gradient, state[`firstMoment.${name}`], state[`secondMoment.${name}`], {
            learningRate,
            beta1: BETA1,
            beta2: BETA2,
            epsilon: EPSILON,
            weightDecay: parameter.rank >= 2 ? weightDecay : 0,
            step: step + 1,
          });
      }
    },
    dispose: () => tf.dispose(state),
  };
}

function zerosLike(parameters: Record<string, tf.Variable>, slots: string[]): Record<string, tf.Variable> {
  const state: Record<string, tf.Variable> = {};
  for (const [name, parameter] of Object.entries(parameters))
    for (const slot of slots)
      state[`${slot}.${name}`] = tf.tidy(() => tf.variable(tf.zeros(parameter.shape), false));
  return state;
}
