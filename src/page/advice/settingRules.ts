import { methods } from '../../distill/methods/methods';
import type { Run } from '../../run/schema';
import { plural } from '../format';
import { type Rule, trainingImages } from './advice';

/**
 * Below so many images IFAlign is fed noise: the variance of B draws has a standard error of √(2 / (B − 1)) of itself,
 * 82 % for 4 images, 53 % for 8, 37 % for 16.
 */
const STATISTICS = 16;
const GOOD_BATCH = 32;

export const smallBatch: Rule = ({ run, data }) => {
  const { method, loss, train } = run;
  if (!('variance' in methods[method].weights(loss)) || train.batchSize >= STATISTICS) return undefined;
  const images = data ? trainingImages(data) : GOOD_BATCH;
  const batchSize = Math.min(GOOD_BATCH, images);
  const error = Math.round(100 * Math.sqrt(2 / (train.batchSize - 1)));
  return {
    id: 'small-batch',
    title: 'The batch is small for IFAlign',
    seen: `IFAlign compares means and variances over batches of ${train.batchSize} images.`,
    why: `So few images tell little about how features are spread: such a variance is off by ±${error} %, and the student would learn this noise.`,
    ...(batchSize >= STATISTICS
      ? { mend: { words: `Use batches of ${batchSize}`, change: { train: { batchSize } } } }
      : loss.refine && {
          mend: { words: 'Switch IFAlign off, for so few images', change: { loss: { ifAlign: false } } },
        }),
  };
};

/** Few-shot learning goes up to 16 images a class, and trains prompts there, since whole towers learn them by heart. */
const FEW_SHOTS = 16;

export const fewImagesForAll: Rule = ({ run, data, student }) => {
  if (!data || data.classes.length === 0 || run.train.parameters !== 'full') return undefined;
  // From random weights there is no other way than to train all of them.
  if (student?.initialisation !== 'checkpoint') return undefined;
  const images = trainingImages(data) / data.classes.length;
  if (images >= FEW_SHOTS) return undefined;
  return {
    id: 'few-images',
    title: 'Few images to train the whole tower on',
    seen: `There are ${images < 2 ? images.toFixed(1) : Math.round(images)} images a class, and every weight of the student’s image tower is trained.`,
    why: 'So many weights learn so few images by heart, and forget what the checkpoint knew of others. Prompts leave it as it is and learn what is special here.',
    mend: { words: 'Train prompts and heads only', change: { train: { parameters: 'prompts' } } },
  };
};

/** What the engine says where a batch does not fit, and the size and the number of parts that it says would. */
const tooLarge = /needs a buffer of|not enough memory for a step|not one whole batch/;
const fitting = /batchSize of (?:at most )?(\d+)/;
const fittingParts = /accumulate of (\d+)/;

export const doesNotFit: Rule = ({ run, problems }) => {
  const problem = problems.find((message) => tooLarge.test(message));
  if (!problem) return undefined;
  const isOfData = problem.includes('not one whole batch');
  const mend = isOfData ? smallerBatch(run, problem) : inParts(run, problem);
  if (!mend) return undefined;
  return {
    id: 'does-not-fit',
    title: isOfData ? 'The batch is larger than the data' : 'Too little memory for this batch',
    seen: `A batch of ${plural(run.train.batchSize, 'image')} ${isOfData ? 'can’t be filled' : 'does not fit into the device’s memory'}.`,
    why: isOfData
      ? 'Training needs at least one whole batch of images.'
      : 'A step keeps what every layer computed for every image of the batch, until the gradients are known.',
    mend,
  };
};

function smallerBatch({ train }: Run, problem: string) {
  const told = Number(fitting.exec(problem)?.[1]);
  const batchSize = Math.max(2, told || Math.floor(train.batchSize / 2));
  if (batchSize >= train.batchSize) return undefined;
  return { words: `Use batches of ${batchSize}`, change: { train: { batchSize } } };
}

/** The batch and what is learnt from it stay the same; where each image is a part already, it has to be smaller. */
function inParts(run: Run, problem: string) {
  const accumulate = Number(fittingParts.exec(problem)?.[1]) || 2 * run.train.accumulate;
  if (accumulate > run.train.batchSize) return smallerBatch(run, problem);
  return { words: `Take it in ${accumulate} parts`, change: { train: { accumulate } } };
}
