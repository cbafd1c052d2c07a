import { type ClipConfig, parseClipConfig, type RawConfig } from '../src/clip/config';
import type { TrainedParameters } from '../src/distill/options';

/** A training step that is measured. */
export interface StepShape {
  name: string;
  /** The student's image tower, in the form of `config.json`. */
  student: RawConfig;
  /** The teacher whose image tower runs in the step; where undefined, its features are given. */
  teacher?: RawConfig;
  /** The text tower of a CLIP around the student, for inference. */
  text: RawConfig;
  /** Features of the teacher. */
  d: number;
  batch: number;
  texts: number;
  parameters: TrainedParameters;
}

export const STEP_SHAPES: StepShape[] = [
  {
    name: 'vit-64/8-192x6',
    student: tower({ size: 64, patch: 8, width: 192, layers: 6, heads: 3, features: 64 }),
    text: { ...layers({ width: 192, layers: 6, heads: 3 }), vocab_size: 1024, eos_token_id: 1023 },
    d: 64,
    batch: 16,
    texts: 22,
    parameters: 'full',
  },
  {
    name: 'prompt-vit-b32-b8',
    student: tower({ size: 224, patch: 32, width: 768, layers: 12, heads: 12, features: 512 }),
    teacher: tower({ size: 224, patch: 16, width: 768, layers: 12, heads: 12, features: 512 }),
    text: layers({ width: 512, layers: 12, heads: 8 }),
    d: 512,
    batch: 8,
    texts: 22,
    parameters: 'prompts',
  },
];

interface LayerSizes {
  width: number;
  layers: number;
  heads: number;
}

interface ImageTowerSizes extends LayerSizes {
  size: number;
  patch: number;
  features: number;
}

function layers({ width, layers, heads }: LayerSizes): RawConfig {
  return {
    hidden_size: width,
    intermediate_size: 4 * width,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    hidden_act: 'quick_gelu',
  };
}

function tower({ size, patch, features, ...sizes }: ImageTowerSizes): RawConfig {
  return {
    model_type: 'clip',
    projection_dim: features,
    vision_config: { ...layers(sizes), image_size: size, patch_size: patch },
  };
}

/** The sizes of a shape's student or teacher. */
export function configOf(raw: RawConfig): ClipConfig {
  return parseClipConfig(raw, 'bench/shapes.ts');
}
