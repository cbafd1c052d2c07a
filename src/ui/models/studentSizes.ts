import { demoStudent } from '../../run/demo';

/** Students that start from random weights, made from the demo's. */
export const studentSizes = [size('Small', 2, 64, 4), size('Middle', 4, 64, 4), size('Large', 6, 96, 6)];

function size(name: string, layers: number, width: number, heads: number) {
  const config = {
    ...demoStudent.config,
    vision_config: {
      ...demoStudent.config.vision_config,
      num_hidden_layers: layers,
      hidden_size: width,
      intermediate_size: 4 * width,
      num_attention_heads: heads,
    },
  };
  return { name, description: `${layers} layers × ${width}`, student: { config, seed: demoStudent.seed } };
}
