import type { ClipConfig } from '../src/clip/config';
import { initialPrompts } from '../src/distill/prompts';
import { configOf, type StepShape } from './shapes';

/** A linear layer y [rows, out] = x [rows, in] Wᵀ, and which of its three products a step computes. */
export interface LinearProducts {
  rows: number;
  in: number;
  out: number;
  /** How many such layers there are. */
  count: number;
  /** The gradients that are asked for beside y. */
  inputGradient: boolean;
  weightGradient: boolean;
}

export interface StepProducts {
  linears: LinearProducts[];
  /** Of the products of queries, keys and values, and their gradients. */
  attentionFlop: number;
}

export interface ProductOptions {
  /**
   * The image towers' last layer computes nothing but the class token from its attention on, since nothing else of it is
   * used. False: every token goes through every layer, as a plain ViT is written.
   */
  classTokenOnly: boolean;
}

/** The matrix products of a step, but for those with only the batch's images and texts as rows and columns. */
export function stepProducts(shape: StepShape, { classTokenOnly }: ProductOptions): StepProducts {
  const { batch, d, texts } = shape;
  const student = configOf(shape.student);
  const isWhole = shape.parameters === 'full';
  const prompts = isWhole ? 0 : initialPrompts(student.vision, 0).shape[1];
  const towers = [towerProducts(student, { batch, prompts, isWhole, isTrained: true, classTokenOnly })];
  if (shape.teacher)
    towers.push(
      towerProducts(configOf(shape.teacher), {
        batch,
        prompts: 0,
        isWhole,
        isTrained: false,
        classTokenOnly,
      }),
    );
  const trained = { count: 1, inputGradient: true, weightGradient: true };
  const heads: LinearProducts[] = [
    { rows: batch, in: student.projectionDim, out: d, ...trained },
    { rows: batch, in: d, out: d, ...trained, count: 2 },
    { rows: texts, in: d, out: d, ...trained, count: 2, inputGradient: false },
  ];
  return {
    linears: [...towers.flatMap(({ linears }) => linears), ...heads],
    attentionFlop: towers.reduce((sum, { attentionFlop }) => sum + attentionFlop, 0),
  };
}

interface TowerUse extends ProductOptions {
  batch: number;
  prompts: number;
  /** Its weights learn. */
  isWhole: boolean;
  /** Its weights or its prompts learn. */
  isTrained: boolean;
}

function towerProducts({ vision, projectionDim }: ClipConfig, use: TowerUse): StepProducts {
  const { batch, prompts, isTrained, classTokenOnly } = use;
  const { hiddenSize: width, intermediateSize: wide, patchSize, numHiddenLayers } = vision;
  const patches = Math.floor(vision.imageSize / patchSize) ** 2;
  const tokens = 1 + patches + prompts;
  const rows = batch * tokens;
  const lastRows = classTokenOnly ? batch : rows;
  const gradients = { inputGradient: isTrained, weightGradient: isTrained && use.isWhole };
  const before = numHiddenLayers - 1;
  const linears: LinearProducts[] = [
    {
      rows: batch * patches,
      in: 3 * patchSize ** 2,
      out: width,
      count: 1,
      ...gradients,
      inputGradient: false,
    },
    { rows, in: width, out: 3 * width, count: numHiddenLayers, ...gradients },
    { rows, in: width, out: width, count: before, ...gradients },
    { rows, in: width, out: wide, count: before, ...gradients },
    { rows, in: wide, out: width, count: before, ...gradients },
    { rows: lastRows, in: width, out: width, count: 1, ...gradients },
    { rows: lastRows, in: width, out: wide, count: 1, ...gradients },
    { rows: lastRows, in: wide, out: width, count: 1, ...gradients },
    { rows: batch, in: width, out: projectionDim, count: 1, ...gradients },
  ];
  const queries = before * tokens + (classTokenOnly ? 1 : tokens);
  const once = 2 * 2 * batch * tokens * queries * width;
  return { linears, attentionFlop: isTrained ? 3 * once : once };
}

/** Floating point operations, two a multiplication and addition. */
export function flopOf({ linears, attentionFlop }: StepProducts): number {
  return linears.reduce((sum, linear) => sum + linear.count * linearFlop(linear), attentionFlop);
}

/** Of one such layer. */
export function linearFlop({ rows, in: inner, out, inputGradient, weightGradient }: LinearProducts): number {
  return 2 * rows * inner * out * (1 + Number(inputGradient) + Number(weightGradient));
}
