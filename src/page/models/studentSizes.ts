import { demoStudent } from '../../run/demo';

/** The sizes of an image tower that starts from random weights. */
export interface TowerSizes {
  width: number;
  layers: number;
  heads: number;
  patch: number;
  image: number;
}

const { seed, config } = demoStudent;
const demo = { patch: config.vision_config.patch_size, image: config.vision_config.image_size };

export const studentSizes: { name: string; sizes: TowerSizes }[] = [
  { name: 'Small', sizes: { ...demo, width: 64, layers: 2, heads: 4 } },
  { name: 'Middle', sizes: { ...demo, width: 64, layers: 4, heads: 4 } },
  { name: 'Large', sizes: { ...demo, width: 96, layers: 6, heads: 6 } },
];

/** A student of these sizes. Its features have as many dimensions as the demo's student's unless told. */
export function studentOf({ width, layers, heads, patch, image }: TowerSizes, projectionDim?: number) {
  const vision_config = {
    ...config.vision_config,
    num_hidden_layers: layers,
    hidden_size: width,
    intermediate_size: 4 * width,
    num_attention_heads: heads,
    image_size: image,
    patch_size: patch,
  };
  const projection_dim = projectionDim ?? config.projection_dim;
  return { config: { ...config, projection_dim, vision_config }, seed };
}

const MOST: Partial<TowerSizes> = { width: 4096, layers: 48, image: 1024 };

/** What is wrong with the sizes, and with which; nothing where they make a tower. */
export function whyNot(sizes: TowerSizes): { fields: (keyof TowerSizes)[]; sentence: string } | undefined {
  const { width, heads, patch, image } = sizes;
  const fields = fieldsWhere(sizes, (size) => !Number.isInteger(size) || size < 1);
  if (fields.length > 0) return { fields, sentence: 'Each size is a whole number from 1.' };
  const tooLarge = fieldsWhere(sizes, (size, field) => size > (MOST[field] ?? size));
  if (tooLarge.length > 0)
    return {
      fields: tooLarge,
      sentence: `At most ${MOST.layers} layers, a width of ${MOST.width} and images of ${MOST.image} pixels can be had.`,
    };
  if (width % heads !== 0)
    return {
      fields: ['heads', 'width'],
      sentence: `${heads} heads don’t divide a width of ${width}: ${divisorsNear(width, heads).join(' or ')} would.`,
    };
  if (image % patch !== 0) {
    const below = Math.floor(image / patch) * patch;
    const right = [below, below + patch].filter((size) => size > 0).join(' or ');
    return {
      fields: ['patch', 'image'],
      sentence: `Patches of ${patch} pixels don’t fill an image of ${image}: ${right} would be right.`,
    };
  }
  return undefined;
}

function fieldsWhere(sizes: TowerSizes, isWrong: (size: number, field: keyof TowerSizes) => boolean) {
  const fields = ['width', 'layers', 'heads', 'patch', 'image'] as const;
  return fields.filter((field) => isWrong(sizes[field], field));
}

/** The two divisors of a number that are nearest to another one. */
function divisorsNear(n: number, wanted: number): number[] {
  const divisors = Array.from({ length: n }, (_, i) => i + 1).filter((i) => n % i === 0);
  return divisors.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted)).slice(0, 2);
}
