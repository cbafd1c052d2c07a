import type * as tf from '@tensorflow/tfjs-core';
import type { z } from 'zod';
import type { Weights } from '../../clip/weights';
import type { Operations } from '../operations';

/** A batch, as a loss sees it. */
export interface LossInputs<Options> {
  /** The student's image features after the projector, [batch, d], L2-normalised. */
  u_s: tf.Tensor;
  /** The teacher's image features, [batch, d], L2-normalised. */
  u_t: tf.Tensor;
  /** The teacher's text features, [texts, d], L2-normalised. */
  W: tf.Tensor;
  /** exp(the teacher's logit_scale). */
  s: number;
  /** The student's tensors by name: image tower, projector, EduAttention, the method's scalars. */
  weights: Weights;
  /** [batch, texts], 1 where a text is right for an image, else 0. Only for methods that take `labels`. */
  right: tf.Tensor;
  /** The texts are captions, not classes. */
  areCaptions: boolean;
  options: Options;
}

/** A figure of each step. Colours are names in tokens.css. */
export interface TermOf<Options> {
  /** As legends have it. */
  name: string;
  /** As the heads of charts have it. */
  title: string;
  /** In formulas. */
  symbol: string;
  colour: 'kl' | 'ifalign' | 'edu' | 'task';
  dash?: readonly number[];
  /** It may be below 0. */
  isSigned?: boolean;
  /** Its formula in words and signs, with its value of now; `shape` writes sizes: 'bn' as '32×20'. */
  formula: (options: Options, shape: (letters: string) => string, now: string) => string;
}

/** A number among the options that the page offers to change. */
export interface OptionSlider<Options> {
  option: keyof Options & string;
  /** 'Weight of IFAlign'. */
  label: string;
  /** What stands before its value in a run's name: 'IFAlign ×'. */
  short: string;
  /** Good values, ascending. */
  stops: readonly number[];
  isUsed?: (options: Options) => boolean;
}

export interface LearnedScalar {
  /** Where neither the student's checkpoint nor its heads have it. */
  start: number;
  /** What it is held within after each update. */
  range?: readonly [least: number, most: number];
}

/** Boxes of the figure that not every method has; `loss` shows all terms of one that has no others for them. */
export type MethodBox = 'ifalign' | 'edu' | 'refinement' | 'loss';

/** A way to train a student: all that is special to it. The list of methods is all that knows its name. */
export interface Method<
  Shape extends z.ZodRawShape = z.ZodRawShape,
  Options = { [Key in keyof Shape]: z.output<Shape[Key]> },
> {
  /** 'ComKD'. */
  name: string;
  /** In full, with its source. */
  title: string;
  /** What of the data it needs beside images and the texts that may fit them: 'no labels'. */
  needs: string;
  /** Its keys of a run file's `loss`, with their defaults. */
  options: Shape;
  /** Switches among the options, and what they switch. */
  switches?: Partial<Record<keyof Options, string>>;
  /** Switches that change nothing as the other options are, where training begins with new heads. */
  idle?: (options: Options) => readonly (keyof Options & string)[];
  sliders: readonly OptionSlider<Options>[];
  boxes: readonly MethodBox[];
  /** Of one that takes labels: whether it learns from them, so that some training images must have one. */
  labels?: (options: Options) => boolean;
  /**
   * Of captions, a batch meets its own alone: a text an image, in the images' order, one of several drawn each time. Else
   * it meets all of the data's.
   */
  ownCaptions?: true;
  /** It trains a CLIP of its own, without teacher and heads: a run of the command line, and a stage before a run on the page. */
  hasNoTeacher?: true;
  /** Numbers that learn beside the heads, by their tensors' names. */
  scalars?: Readonly<Record<string, LearnedScalar>>;
  /** What contradicts itself among the options, and what would be right. */
  contradiction?: (options: Options) => string | undefined;
  /** Whether EduAttention stands between the student's projector and its logits. */
  hasEduAttention?: (options: Options) => boolean;
  /** The terms that charts show. */
  terms: Record<string, TermOf<Options>>;
  /** The weights of the terms that are minimised. */
  weights: (options: Options) => Record<string, number>;
  /** All its figures of a step, scalars, unweighted. */
  loss: (inputs: LossInputs<Options>, operations: Operations) => Record<string, tf.Tensor>;
}

/** For its types alone: the options of its functions are those of its schema. */
export const defineMethod = <Shape extends z.ZodRawShape>(method: Method<Shape>): Method<Shape> => method;

/** Good weights of a term, for sliders. */
export const weightStops = [0, 0.1, 0.2, 0.5, 1, 2, 5, 10];
