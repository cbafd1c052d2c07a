import { createDecodePool } from '../../src/data/images/decodePool';
import { importDataset } from '../../src/data/import';
import type { DataSummary } from '../../src/data/summary';
import { blobFolder } from '../../src/files/blobs';
import type { DataOptions, EngineEvent } from '../../src/worker/api';
import { OpenedData } from '../../src/worker/openedData';
import { rasteriseSvg } from '../../src/worker/rasteriseSvg';
import { hostileCorpus } from '../hostile/corpus';
import { type ImageName, imageFile, imageNames } from '../hostile/imageFiles';

declare global {
  /** Imports one drop of the corpus: the images understood, and why others are not; or the error. */
  var importHostile: (index: number) => Promise<{ images: string[]; skipped: string[] } | string>;
  /** What the page says of a drop once all of its images were looked into; or the error. Files are in base64. */
  var openDrop: (
    files: [path: string, content: string][],
    options: DataOptions,
  ) => Promise<DataSummary | string>;
  /** What is said of a drawing, and how often the page did something else meanwhile. */
  var examineDrawing: (svg: string) => Promise<{ says: string; turns: number }>;
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

globalThis.openDrop = async (files, options) => {
  const drop = files.map(([path, content]) => ({
    path,
    file: new File([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], path),
  }));
  return new Promise<DataSummary>((resolve, reject) => {
    const settle = (summary: DataSummary) => {
      if (summary.examined === summary.images) resolve(summary);
    };
    const emit = (event: EngineEvent) => {
      if (event.type === 'data') settle(event.summary);
      if (event.type === 'problem') reject(new Error(event.message));
    };
    const data = new OpenedData(
      pool,
      emit,
      () => {},
      () => ({}),
    );
    data.open([{ id: 'drop', files: drop }], options).then(settle, reject);
  }).catch(String);
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

globalThis.examineDrawing = async (svg) => {
  let turns = 0;
  const timer = setInterval(() => turns++);
  const says = await pool.examine(new Blob([svg]), 'a.svg').then(
    ({ width }) => `${width} wide`,
    ({ message }: Error) => message,
  );
  clearInterval(timer);
  return { says, turns };
};
