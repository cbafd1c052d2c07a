import { InputError } from '../files/folder';
import type { Checkpoint } from './checkpoint';
import { clipShapes } from './shapes';

/**
 * A student cut from a teacher: the same image tower with fewer layers, spread evenly over the old ones, the first and
 * the last among them (as DistilBERT and MiniLM start from their teachers). All else stays.
 *
 * @param layers at least 1; with 1, the first is kept
 * @throws InputError where the tower has fewer layers
 */
export function cutLayers(checkpoint: Checkpoint, layers: number): Checkpoint {
  const { config, tensors, name } = checkpoint;
  const { numHiddenLayers } = config.vision;
  checkLayers(checkpoint, layers);
  const cut = { ...config, vision: { ...config.vision, numHiddenLayers: layers } };
  const origin = (i: number) => (layers === 1 ? 0 : Math.round((i * (numHiddenLayers - 1)) / (layers - 1)));
  const nameInTeacher = (own: string) =>
    own.replace(/^(vision_model\.encoder\.layers\.)(\d+)/, (_, before, i) => before + origin(Number(i)));
  return {
    ...checkpoint,
    name: `${name}, ${layers} of ${numHiddenLayers} layers`,
    config: cut,
    tensors: { shapes: clipShapes(cut), pieces: (own) => tensors.pieces(nameInTeacher(own)) },
  };
}

/** @throws InputError where the image tower has fewer layers */
export function checkLayers({ config, name }: Checkpoint, layers: number): void {
  const { numHiddenLayers } = config.vision;
  if (layers < 1 || layers > numHiddenLayers)
    throw new InputError(
      `${layers} layers can't be cut from ${name}, whose image tower has ${numHiddenLayers}; 1 to ${numHiddenLayers} would be right.`,
    );
}
