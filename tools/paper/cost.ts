import { type ClipConfig, parseClipConfig } from '../../src/clip/config';
import { modelCost } from '../../src/clip/cost';
import { BATCH, compared, EPOCHS } from './plan';
import type { ResearchSet } from './sets';

const tower = (hidden_size: number, num_hidden_layers: number) => ({
  hidden_size,
  num_hidden_layers,
  intermediate_size: 4 * hidden_size,
  num_attention_heads: hidden_size / 64,
});

const clip = (width: number, layers: number, patch_size: number, textWidth: number): ClipConfig =>
  parseClipConfig(
    {
      model_type: 'clip',
      projection_dim: textWidth,
      vision_config: { ...tower(width, layers), image_size: 224, patch_size },
      text_config: tower(textWidth, 12),
    },
    'config',
  );

const teacher = clip(1024, 24, 14, 768);
const student = clip(768, 12, 16, 512);

/** Of the teacher's text tower for one text, the products alone: 12 layers, 77 tokens, width 768, MLP 3072. */
const TEXT_FLOP = 2 * 12 * 77 * (4 * 768 ** 2 + 2 * 77 * 768 + 2 * 768 * 3072);

/** Labelled images a class in Stage I. */
const SHOTS = 16;

/**
 * Floating-point operations of one seed of a set. What is frozen costs its forward pass; what prompts are learnt through
 * costs that twice, for the gradient of its inputs.
 */
export function flopOf({ classes, train, test }: ResearchSet): number {
  const image = modelCost(teacher).flop;
  const own = modelCost(student).flop;
  const base = Math.ceil(classes / 2);
  const adapting = EPOCHS * SHOTS * base * (3 * image + (2 * base * TEXT_FLOP) / BATCH);
  const distilling = EPOCHS * train * (image + 2 * own);
  return adapting + compared.length * (distilling + test * own);
}

/** float32 operations a second that the makers state. */
export const processors: readonly [name: string, perSecond: number][] = [
  ['Apple M2', 3.6e12],
  ['RTX 3060', 12.7e12],
  ['H100 SXM', 67e12],
  ['RTX 4090', 82.6e12],
];

/**
 * What of the stated rate a step is expected to reach: half of it in a single product (an assumption, since no graphics
 * processor was at hand), and 62 % of a product's rate in a whole step, as the bench found on a processor.
 */
const SHARE = 0.5 * 0.62;

/** Hours for one seed of a set. */
export const hoursOf = (set: ResearchSet, perSecond: number): number =>
  flopOf(set) / (perSecond * SHARE) / 3600;
