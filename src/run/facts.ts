import type { Checkpoint } from '../clip/checkpoint';
import { visionShapes } from '../clip/shapes';
import type { Dataset } from '../data/dataset';
import { plural } from '../files/count';
import { elementCount } from '../files/tensors';
import type { CardFacts } from './modelCard';

/** As many texts stand in the card's example. */
const SOME_TEXTS = 3;

interface RunParts {
  /** Undefined in contrastive training, which has none. */
  teacher?: Checkpoint;
  student: Checkpoint;
  dataset: Dataset;
  /** The machine, in a few words. */
  device: string;
}

/** What a report and a model card say of a run beside its settings and curves. */
export function runFacts({
  teacher,
  student,
  dataset,
  device,
}: RunParts): Omit<CardFacts, 'run' | 'evaluations' | 'precisions' | 'files'> {
  const { images, texts, classes, styles } = dataset;
  return {
    facts: [
      ...(teacher ? [['Teacher', describeModel(teacher)] satisfies [string, string]] : []),
      ['Student', describeModel(student)],
      ['Data', describeData(dataset)],
      ['Run on', device],
    ],
    areClasses: classes.length > 0,
    someTexts: texts.slice(0, SOME_TEXTS),
    credits: styles
      .filter(({ id }) => images.some(({ style }) => style === id))
      .map((style) => `${style.name} by ${style.author}, ${style.licence}, ${style.url}`),
  };
}

/** 'teacher: ViT 64/8, 6 × 128, 1,234,567 parameters in the image tower'. */
export function describeModel({ name, config }: Checkpoint): string {
  const { imageSize, patchSize, numHiddenLayers, hiddenSize } = config.vision;
  const parameters = visionShapes(config).reduce((sum, [, shape]) => sum + elementCount(shape), 0);
  return (
    `${name}: ViT ${imageSize}/${patchSize}, ${numHiddenLayers} × ${hiddenSize}, ` +
    `${parameters.toLocaleString('en-GB')} parameters in the image tower`
  );
}

export function describeData({ name, images, texts, skipped }: Dataset): string {
  const left = skipped.length > 0 ? `, ${plural(skipped.length, 'file')} skipped` : '';
  return `${name}: ${plural(images.length, 'image')}, ${plural(texts.length, 'text')}${left}`;
}
