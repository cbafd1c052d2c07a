import { createDecodePool } from '../../src/data/images/decodePool';
import { importDataset } from '../../src/data/import';
import { blobFolder } from '../../src/files/blobs';
import { rasteriseSvg } from '../../src/worker/rasteriseSvg';
import { hostileCorpus } from '../hostile/corpus';
import { type ImageName, imageFile, imageNames } from '../hostile/imageFiles';

declare global {
  /** Imports one drop of the corpus: the images understood, and why others are not; or the error. */
  var importHostile: (index: number) => Promise<{ images: string[]; skipped: string[] } | string>;
  /** The names and perceptual hashes of the small images that this browser can decode. */
  var hashes: () => Promise<[ImageName, string][]>;
}

const pool = createDecodePool(2);
pool.rasteriseSvg = rasteriseSvg;
const corpus = hostileCorpus();

globalThis.importHostile = async (index) => {
  const files = new Map(corpus[index].files.map(([path, bytes]) => [path, new Blob([bytes])]));
  try {
    const { dataset } = await importDataset(blobFolder('drop', files), { examine: pool.examine });
    return {
      images: dataset.images.map(({ path }) => path),
      skipped: dataset.skipped.map(({ file, reason }) => `${file}: ${reason}`),
    };
  } catch (error) {
    return String(error);
  }
};

globalThis.hashes = async () => {
  const found = await Promise.all(
    imageNames.map(async (name) => {
      const facts = await pool.examine(new Blob([imageFile(name)]), name).catch(() => undefined);
      return facts ? [[name, facts.hash] satisfies [ImageName, string]] : [];
    }),
  );
  return found.flat();
};
