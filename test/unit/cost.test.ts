import { expect, it } from 'vitest';
import { type ClipConfig, parseClipConfig } from '../../src/clip/config';
import { modelCost } from '../../src/clip/cost';

const clip = (
  vision: Record<string, number>,
  text: Record<string, number>,
  projection_dim: number,
): ClipConfig => parseClipConfig({ vision_config: vision, text_config: text, projection_dim }, 'config.json');

const base32 = clip({}, {}, 512);
const large14 = clip(
  {
    hidden_size: 1024,
    intermediate_size: 4096,
    num_hidden_layers: 24,
    num_attention_heads: 16,
    patch_size: 14,
  },
  { hidden_size: 768, intermediate_size: 3072, num_attention_heads: 12 },
  768,
);

it('counts the parameters of the published models', () => {
  // As PyTorch counts openai/clip-vit-base-patch32 and openai/clip-vit-large-patch14.
  expect(modelCost(base32).parameters).toBe(151_277_313);
  expect(modelCost(base32).imageParameters).toBe(87_849_216);
  expect(modelCost(large14).parameters).toBe(427_616_513);
});

it('counts two operations a multiply-add: 4.4 of these for ViT-B/32, 81 for ViT-L/14, in billions', () => {
  // 50 tokens: patches, 12 layers of four projections, attention and MLP, and the projection.
  const layer = 4 * 50 * 768 ** 2 + 2 * 50 ** 2 * 768 + 2 * 50 * 768 * 3072;
  expect(modelCost(base32).flop).toBe(2 * (49 * 3072 * 768 + 12 * layer + 768 * 512));
  expect(modelCost(base32).flop / 2e9).toBeCloseTo(4.41, 2);
  expect(modelCost(large14).flop / 2e9).toBeCloseTo(81.0, 1);
});

it('leaves out what lies over the edge of the last whole patch, and finds the largest tensor', () => {
  const odd = clip({ image_size: 230 }, {}, 512);
  expect(modelCost(odd).flop).toBe(modelCost(base32).flop);
  expect(modelCost(base32).largestTensor).toBe(768 * 3072);
});

it('has no text tower where there is none', () => {
  const { imageParameters, parameters } = modelCost({ ...base32, text: undefined });
  expect(parameters).toBe(imageParameters);
});
