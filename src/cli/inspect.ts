import { importDataset } from '../data/import';
import { summarise } from '../data/summary';
import { doubtsAboutCaptions } from '../data/textDoubts';
import { dataFolder } from './data';
import { examineImage } from './decode';
import { parseFlags } from './flags';
import { progressPrinter } from './progress';
import { printJson } from './say';

const USAGE = 'cli inspect PATH [--all]';

/** `inspect`: what an importer understands of a data set; of very many images all are decoded with `--all`. */
export async function run(args: string[]): Promise<void> {
  const { positionals, values } = parseFlags(args, { all: { type: 'boolean' } }, ['PATH'], USAGE);
  const folder = await dataFolder(positionals[0]);
  const arranged = await importDataset(folder, {
    examine: examineImage,
    decodesAll: values.all ?? false,
    onProgress: progressPrinter(),
  });
  const { classes: named, texts, images: all } = arranged.dataset;
  if (arranged.facts.size < all.length)
    arranged.dataset.doubts.push(
      `${arranged.facts.size} of ${all.length} images were decoded; of the others the first and last bytes were read, and none was compared with others. With --all, all are decoded.`,
    );
  if (named.length === 0) arranged.dataset.doubts.push(...(await doubtsAboutCaptions(texts)));
  const { format, why, otherForms, renamed, doubts, images, pairs, classes, splits, skipped } = summarise(
    arranged.dataset,
    arranged.facts,
    arranged,
  );
  const others = otherForms.map(
    (other) => `It can be read as ${other.format} too: "dataOptions": {"form": "${other.name}"}.`,
  );
  const asWritten = `Class names stay as they are written, such as ${renamed?.from}: "dataOptions": {"namesAsWritten": true}.`;
  const reasons = [why, ...others, ...(renamed ? [asWritten] : [])];
  printJson({ format, reasons, doubts, images, pairs, classes, splits, skipped }, 2);
}
