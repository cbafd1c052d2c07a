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
 * CLIP's own initialisation (openai/CLIP `initialize_parameters`, transformers' CLIPPreTrainedModel). Same seed, same
 * weights: all numbers come from one stream in the order of the tensors, whose state at each tensor is kept, so that
 * tensors can be read in any order.
 */
export function randomWeights(config: ClipConfig, seed: number): TensorSource {
  const shapes = clipShapes(config);
  const names = [...shapes.keys()];
  const deviations = names.map((name) => standardDeviation(name, config));
  const states = [new Random(seed)];

  /** The stream where the tensor of this index begins. */
  function streamAt(index: number): Random {
    for (let i = states.length - 1; i < index; i++) {
      const random = states[i].copy();
      const drawn = deviations[i] === 0 ? 0 : elementCount(shapes.get(names[i]) ?? []);
      for (let n = 0; n < drawn; n++) random.normal();
      states.push(random);
    }
    return states[index].copy();
  }

  return {
    shapes,
    async *pieces(name) {
      const index = names.indexOf(name);
      const deviation = deviations[index];
      const random = streamAt(index);
      const size = elementCount(shapes.get(name) ?? []);
      for (let at = 0; at < size; at += PIECE) {
        const data = new Float32Array(Math.min(PIECE, size - at));
        if (deviation === 0) data.fill(constant(name));
        else for (let i = 0; i < data.length; i++) data[i] = deviation * random.normal();
        yield data;
      }
      states[index + 1] ??= random;
    },
  };
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
