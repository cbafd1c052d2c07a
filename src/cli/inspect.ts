import { importDataset } from '../data/import';
import { summarise } from '../data/summary';
import { dataFolder } from './data';
import { examineImage } from './decode';
import { parseFlags } from './flags';
import { progressPrinter } from './progress';
import { printJson } from './say';

const USAGE = 'cli inspect PATH';

/** `inspect`: what an importer understands of a data set. */
export async function run(args: string[]): Promise<void> {
  const { positionals } = parseFlags(args, {}, ['PATH'], USAGE);
  const folder = await dataFolder(positionals[0]);
  const { dataset, duplicates } = await importDataset(folder, {
    examine: examineImage,
    onProgress: progressPrinter(),
  });
  const { format, images, pairs, classes, splits, skipped } = summarise(dataset);
  const { straddling } = duplicates;
  const doubts =
    straddling > 0 ? [`${straddling} images to train on look like one that is held out for testing.`] : [];
  const reasons = [dataset.why];
  printJson({ format, reasons, doubts, images, pairs, classes, splits, skipped }, 2);
}
