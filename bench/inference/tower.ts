import { type ClipConfig, parseClipConfig } from '../../src/clip/config';
import { randomWeights } from '../../src/clip/initialise';
import { InputError } from '../../src/files/folder';
import { Random } from '../../src/files/random';
import { type HostTensors, readAll } from '../../src/files/tensors';
import type { StepShape } from '../shapes';

/** A tower of a CLIP with random weights, and a batch for it. */
export interface TowerProblem {
  name: string;
  config: ClipConfig;
  tensors: HostTensors;
  batch: number;
  input:
    | { kind: 'image'; pixels: Float32Array<ArrayBuffer> }
    /** Texts of full length. */
    | { kind: 'text'; ids: Int32Array<ArrayBuffer> };
}

/** An inference engine with a tower. */
export interface TowerEngine {
  /** Makes its backend the one that is used from now on. */
  activate(): Promise<void>;
  /** The batch's features, [batch, projectionDim], in main memory. */
  encode(): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export type CreateTower = (problem: TowerProblem) => Promise<TowerEngine>;

/** Both towers of a CLIP around a shape's student. */
export async function towerProblems({ name, student, text, batch }: StepShape): Promise<TowerProblem[]> {
  const config = parseClipConfig({ ...student, text_config: text }, name);
  if (!config.text) throw new InputError(`${name} has no text tower.`);
  const tensors = await readAll(randomWeights(config, 1));
  const random = new Random(2);
  const { vocabSize, maxPositionEmbeddings: context, eosTokenId } = config.text;
  const size = batch * 3 * config.vision.imageSize ** 2;
  const pixels = Float32Array.from({ length: size }, () => random.normal());
  const ids = Int32Array.from({ length: batch * context }, (_, i) =>
    i % context === context - 1 ? eosTokenId : random.integer(Math.min(eosTokenId, vocabSize)),
  );
  return [
    { name: `${name} images`, config, tensors, batch, input: { kind: 'image', pixels } },
    { name: `${name} texts`, config, tensors, batch, input: { kind: 'text', ids } },
  ];
}
