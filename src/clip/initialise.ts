import { InputError } from '../files/folder';
import { Random } from '../files/random';
import { elementCount, type TensorSource } from '../files/tensors';
import type { Checkpoint } from './checkpoint';
import { type ClipConfig, parseClipConfig, type RawConfig } from './config';
import { parsePreprocessor } from './preprocess';
import { clipShapes } from './shapes';

/** ln(1 / 0.07): CLIP's logit scale before training. */
const LOGIT_SCALE = 2.6592;

/** Three ViT-L: what starts from random weights must fit into memory several times over to be trained. */
const MOST_PARAMETERS = 1e9;

/**
 * A CLIP with random weights, without a tokenizer.
 *
 * @param rawConfig in the form of `config.json`
 * @param where where that was written; begins the error messages
 * @throws InputError where it describes no CLIP, or one too large to be trained
 */
export function randomCheckpoint(rawConfig: RawConfig, seed: number, where: string): Checkpoint {
  const config = parseClipConfig(rawConfig, where);
  const parameters = [...clipShapes(config).values()].reduce((sum, shape) => sum + elementCount(shape), 0);
  if (parameters > MOST_PARAMETERS)
    throw new InputError(
      `${where} describes a CLIP of ${Math.round(parameters / 1e6).toLocaleString('en-GB')} million parameters; ` +
        'at most 1,000 million can start from random weights.',
    );
  return {
    name: `random weights (seed ${seed})`,
    config,
    rawConfig,
    preprocessor: parsePreprocessor({}, config.vision.imageSize, where),
    tensors: randomWeights(config, seed),
    tokenizerFiles: new Map(),
    cleansTexts: false,
    dtype: 'F32',
    notices: [],
  };
}

/** Random numbers of a tensor that are made at a time. */
const PIECE = 2 ** 20;

/**
 * CLIP's own initialisation: what openai/CLIP's `initialize_parameters` sets, and else PyTorch's defaults, as of the image
 * tower's layers and the biases between their linear layers. Same seed, same weights: all numbers come from one stream in
 * the order of the tensors, whose state at each tensor is kept, so that tensors can be read in any order.
 */
export function randomWeights(config: ClipConfig, seed: number): TensorSource {
  const shapes = clipShapes(config);
  const names = [...shapes.keys()];
  const starts = names.map((name) => startOf(name, config));
  const states = [new Random(seed)];

  /** The stream where the tensor of this index begins. */
  function streamAt(index: number): Random {
    for (let i = states.length - 1; i < index; i++) {
      const random = states[i].copy();
      const start = starts[i];
      if (typeof start !== 'number')
        for (let n = elementCount(shapes.get(names[i]) ?? []); n > 0; n--) start(random);
      states.push(random);
    }
    return states[index].copy();
  }

  return {
    shapes,
    async *pieces(name) {
      const index = names.indexOf(name);
      const start = starts[index];
      const random = streamAt(index);
      const size = elementCount(shapes.get(name) ?? []);
      for (let at = 0; at < size; at += PIECE) {
        const data = new Float32Array(Math.min(PIECE, size - at));
        if (typeof start === 'number') data.fill(start);
        else for (let i = 0; i < data.length; i++) data[i] = start(random);
        yield data;
      }
      states[index + 1] ??= random;
    },
  };
}

/** What an element starts as: a number, or one drawn for each. */
type Start = number | ((random: Random) => number);

const normal =
  (deviation: number): Start =>
  (random) =>
    deviation * random.normal();

/** Uniform within ± the bound. */
const uniform =
  (bound: number): Start =>
  (random) =>
    bound * (2 * random.uniform() - 1);

function startOf(name: string, config: ClipConfig): Start {
  if (name === 'logit_scale') return LOGIT_SCALE;
  if (/norm\d?\.weight$/.test(name)) return 1;
  const tower = name.startsWith('text_') ? config.text : config.vision;
  const { hiddenSize: width, intermediateSize: wide, numHiddenLayers: layers } = tower ?? config.vision;
  if (/fc[12]\.bias$/.test(name)) return uniform((name.endsWith('fc1.bias') ? width : wide) ** -0.5);
  if (/bias$/.test(name)) return 0;
  if (/class_embedding$|probe$|_projection\.weight$|text_model\.head\.weight$/.test(name))
    return normal(width ** -0.5);
  if (name.endsWith('token_embedding.weight')) return normal(0.02);
  if (tower === config.text) {
    if (name.endsWith('position_embedding.weight')) return normal(0.01);
    if (/[qkv]_proj\.weight$/.test(name)) return normal(width ** -0.5);
    if (name.endsWith('fc1.weight')) return normal((2 * width) ** -0.5);
    return normal((2 * width * layers) ** -0.5);
  }
  if (name.endsWith('position_embedding.weight')) return normal(width ** -0.5);
  if (name.endsWith('patch_embedding.weight')) return uniform((3 * config.vision.patchSize ** 2) ** -0.5);
  if (/[qkv]_proj\.weight$|in_proj_weight$/.test(name)) return uniform((6 / (4 * width)) ** 0.5);
  return uniform((name.endsWith('fc2.weight') ? wide : width) ** -0.5);
}
