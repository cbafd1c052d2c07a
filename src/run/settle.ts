import { whyNotWidth } from '../clip/inheritedWidth';
import { methods } from '../distill/methods/methods';
import { plural } from '../files/count';
import { InputError } from '../files/folder';
import type { TrainOptions } from '../train/options';
import { contradiction, type Run, trainedParameters } from './schema';

const DEFAULT_EPOCHS = 20;

/** What of its data decides whether a run can be. */
export interface DataFacts {
  name: string;
  /** Of what it trains on, and how many texts there are to tell apart. */
  training: { images: number; labelled: number; texts: number };
}

/** What of its models does. */
export interface ModelFacts {
  /** Of its image tower. */
  teacher: { layers: number; width: number; heads: number };
}

/** A run with everything settled. */
export type SettledRun = Run & { train: TrainOptions };

/**
 * The run as it is carried out on this data: epochs turned into steps of whole batches, 20 where neither is given.
 * The page, the engine and the command line all ask this, so that what it accepts can be started.
 *
 * @throws InputError that says what is missing and what would be right
 */
export function settleRun(run: Run, data: DataFacts, models?: ModelFacts): SettledRun {
  const wrong = contradiction(run) ?? unfitForData(run, data) ?? (models && unfitForModels(run, models));
  if (wrong) throw new InputError(`${wrong}.`);
  const { steps, epochs = DEFAULT_EPOCHS, ...others } = run.train;
  const batches = Math.floor(data.training.images / run.train.batchSize);
  return {
    ...run,
    train: {
      ...others,
      parameters: trainedParameters(run),
      steps: steps ?? Math.max(1, Math.round(epochs * batches)),
    },
  };
}

function unfitForData({ method, loss, train }: Run, { name, training }: DataFacts): string | undefined {
  if (training.texts === 1)
    return (
      `${name} has one class or caption alone, and one is not enough: there is nothing to tell it from; ` +
      `add images of another class, or give each image its own caption`
    );
  if (methods[method].labels?.(loss) && training.labelled === 0)
    return (
      `The method "${method}" learns from labels, and no training image of ${name} has one; ` +
      `choose ${unlabelledMethods(loss)}, or put each class’s images in a folder of its name`
    );
  if (training.images < 2)
    return `${name} has ${plural(training.images, 'image')} to train on, and a batch takes two at least; add more images`;
  if (training.images < train.batchSize)
    return (
      `${name} has ${plural(training.images, 'image')} to train on, train.batchSize is ${train.batchSize}: not one whole batch. ` +
      `Use a batchSize of at most ${training.images}, or more images`
    );
  return undefined;
}

const unlabelledMethods = (loss: Run['loss']): string =>
  Object.entries(methods)
    .filter(([, { labels }]) => !labels?.(loss))
    .map(([name]) => `"${name}"`)
    .join(' or ');

function unfitForModels({ student }: Run, { teacher }: ModelFacts): string | undefined {
  if (typeof student === 'string' || 'config' in student) return undefined;
  const { layers, width = teacher.width } = student;
  return layers > teacher.layers
    ? `student.layers is ${layers}, and the teacher has ${teacher.layers}; at most as many can be taken from it`
    : whyNotWidth(width, teacher);
}
