import { Random } from '../files/random';
import type { HostTensors } from '../files/tensors';
import type { Checkpoint } from './checkpoint';
import { type ClipConfig, parseClipConfig, type RawConfig } from './config';
import { parsePreprocessor } from './preprocess';
import { clipShapes, elementCount } from './shapes';

/** ln(1 / 0.07): CLIP's logit scale before training. */
const LOGIT_SCALE = 2.6592;

/**
 * A CLIP with random weights, without a tokenizer.
 *
 * @param rawConfig in the form of `config.json`
 * @param where where that was written; begins the error messages
 */
export function randomCheckpoint(rawConfig: RawConfig, seed: number, where: string): Checkpoint {
  const config = parseClipConfig(rawConfig, where);
  return {
    name: `random weights (seed ${seed})`,
    config,
    rawConfig,
    preprocessor: parsePreprocessor({}, config.vision.imageSize, where),
    tensors: randomWeights(config, seed),
    tokenizerFiles: new Map(),
    dtype: 'F32',
  };
}

/** CLIP's own initialisation (openai/CLIP `initialize_parameters`, transformers' CLIPPreTrainedModel). Same seed, same weights. */
export function randomWeights(config: ClipConfig, seed: number): HostTensors {
  const random = new Random(seed);
  const tensors: HostTensors = {};
  for (const [name, shape] of clipShapes(config)) {
    const deviation = standardDeviation(name, config);
    const data = new Float32Array(elementCount(shape));
    if (deviation === 0) data.fill(constant(name));
    else for (let i = 0; i < data.length; i++) data[i] = deviation * random.normal();
    tensors[name] = { shape, data };
  }
  return tensors;
}

function constant(name: string): number {
  if (name === 'logit_scale') return LOGIT_SCALE;
  return /norm\d?\.weight$/.test(name) ? 1 : 0;
}

/** Of a tensor's normal distribution around 0; 0 for what starts constant. */
function standardDeviation(name: string, config: ClipConfig): number {
  if (name === 'logit_scale' || name.endsWith('.bias') || /norm\d?\.weight$/.test(name)) return 0;
  const tower = name.startsWith('text_') ? config.text : config.vision;
  const width = tower?.hiddenSize ?? 1;
  const depth = (2 * (tower?.numHiddenLayers ?? 1)) ** -0.5;
  if (/class_embedding|_projection\.weight$/.test(name)) return width ** -0.5;
  if (/embedding\.weight$/.test(name)) return 0.02;
  if (/out_proj\.weight$/.test(name)) return width ** -0.5;
  if (/_proj\.weight$/.test(name) || name.endsWith('fc2.weight')) return width ** -0.5 * depth;
  return (2 * width) ** -0.5;
}
