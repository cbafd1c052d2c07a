import type { Preprocessor } from '../clip/preprocess';
import { type ImportFiles, listFiles } from '../data/archives/importFiles';
import type { Dataset } from '../data/dataset';
import type { DecodePool } from '../data/images/decodePool';
import { drawAugmentations } from '../data/images/drawAugmentations';
import { ImageStore } from '../data/images/images';
import { indexParts } from '../data/import';
import { examineAll, type Findings, withoutBroken } from '../data/scan';
import { arrange } from '../data/splits/arrange';
import { type DataSummary, summarise } from '../data/summary';
import { InputError, type OnProgress } from '../files/folder';
import { openHubDataset } from '../hub/dataset';
import type { HubAccess } from '../hub/place';
import type { Run } from '../run/schema';
import type { DataOptions, DataPart, EngineEvent, ImageRow } from './api';
import { folderOf } from './droppedFolder';

/** Looking into images holds the data up for so long; the rest is looked into behind, told of after twice as long, and so on. */
const FIRST_LOOK_MS = 1000;
const LOOKS_AT_A_TIME = 4;

interface Opened {
  dataset: Dataset;
  images: ImageStore;
}

/** The data behind the page: what is in use, and what is known of it. */
export class OpenedData {
  private readonly listed = new Map<string, Promise<ImportFiles>>();
  private opening = new AbortController();
  private inUse?: Opened;
  /** What looking into all images has made of the data; it comes into use with the next load. */
  private settled?: Opened;
  private found?: { search: string; images: number[] };
  /** What the data in use adds up from; the demo's concepts where there are no parts. */
  parts: DataPart[] = [];
  concepts: string[] = [];

  constructor(
    private readonly decodePool: DecodePool,
    private readonly emit: (event: EngineEvent) => void,
    private readonly onProgress: OnProgress,
    private readonly hubAccess: () => HubAccess,
  ) {}

  /** The data set to train on. Throws InputError where there is none yet. */
  take(): Opened {
    if (this.settled) this.use(this.settled.dataset);
    return this.current();
  }

  /** Replaces the data by the demo's images of these concepts, which are known to be whole. */
  replace(dataset: Dataset, concepts: string[] = []): DataSummary {
    this.cancel();
    this.use(dataset);
    this.parts = [];
    this.concepts = concepts;
    return summarise(dataset);
  }

  /** Reads these parts as one data set, which replaces the data. What fails or is cancelled leaves it as it is. */
  async open(parts: DataPart[], options: DataOptions): Promise<DataSummary> {
    this.cancel();
    const { signal } = this.opening;
    const { examine } = this.decodePool;
    const { onProgress } = this;
    const listed = await Promise.all(parts.map((part) => this.list(part, signal)));
    const indexed = await indexParts(listed, { examine, dataOptions: options, onProgress, signal });
    const look = (findings: Findings | undefined, budgetMs: number) =>
      examineAll(indexed, examine, { concurrency: LOOKS_AT_A_TIME, findings, budgetMs, signal });
    const findings = await look(undefined, FIRST_LOOK_MS);
    const first = settle(indexed, findings, options);
    this.use(first.dataset);
    this.parts = parts;
    this.concepts = [];
    const lookOn = async () => {
      for (let budget = 2 * FIRST_LOOK_MS; known(findings) < indexed.images.length; budget *= 2) {
        await look(findings, budget);
        signal.throwIfAborted();
        const { dataset, summary } = settle(indexed, findings, options);
        const changed = known(findings) === indexed.images.length && differ(dataset, first.dataset);
        if (changed) this.settled = this.withStore(dataset);
        this.emit({ type: 'data', summary, changed });
      }
    };
    lookOn().catch((error) => {
      if (!signal.aborted) this.emit({ type: 'problem', message: String(error) });
    });
    return first.summary;
  }

  /** Stops opening, and looking into the images of what was opened. */
  cancel(): void {
    this.opening.abort(new InputError('Opening was cancelled.'));
    this.opening = new AbortController();
  }

  /** The file of an image, as it can be shown. */
  async image(index: number): Promise<Blob> {
    const { dataset } = this.holding(index);
    const image = dataset.images[index];
    return this.decodePool.shown(await dataset.open(image), image.path);
  }

  rows(from: number, to: number, search: string): { rows: ImageRow[]; total: number } {
    const { dataset } = this.current();
    const names = dataset.classes.length > 0 ? dataset.classes : dataset.texts;
    const row = (index: number): ImageRow => {
      const { path, texts, split } = dataset.images[index];
      return { index, path, texts: texts.map((text) => names[text]), split };
    };
    if (this.found?.search !== search) {
      const wanted = search.trim().toLowerCase();
      const holds = (text: string) => text.toLowerCase().includes(wanted);
      const all = [...dataset.images.keys()];
      const matching = new Set([...names.keys()].filter((text) => holds(names[text])));
      const isFound = (index: number) => {
        const { path, texts } = dataset.images[index];
        return holds(path) || texts.some((text) => matching.has(text));
      };
      this.found = { search, images: wanted === '' ? all : all.filter(isFound) };
    }
    const { images } = this.found;
    return { rows: images.slice(from, to).map(row), total: images.length };
  }

  async augmented(
    index: number,
    draws: number,
    augment: Run['train']['augment'],
    preprocessor: Preprocessor,
  ) {
    const { dataset, images } = this.holding(index);
    const options = { augment, seed: 0 };
    const pictures = await drawAugmentations(dataset, images, index, preprocessor, options, draws);
    return { size: preprocessor.size, pictures };
  }

  private current(): Opened {
    if (!this.inUse)
      throw new InputError('There is no data to train on yet: drop images and captions first.');
    return this.inUse;
  }

  /** The data, which has an image of this number. */
  private holding(index: number): Opened {
    const opened = this.current();
    if (!opened.dataset.images[index]) throw new InputError(`The data has no image number ${index}.`);
    return opened;
  }

  private use(dataset: Dataset): void {
    this.inUse = this.withStore(dataset);
    this.settled = undefined;
    this.found = undefined;
  }

  private withStore(dataset: Dataset): Opened {
    return { dataset, images: new ImageStore(dataset, this.decodePool.render) };
  }

  /** The files of a part, listed once; one that could not be listed is tried again the next time. */
  private list(part: DataPart, signal: AbortSignal): Promise<ImportFiles> {
    const known = this.listed.get(part.id);
    if (known) return known;
    const options = { onProgress: this.onProgress, signal };
    const folder = async () =>
      'hub' in part ? openHubDataset(part.hub, this.hubAccess()) : folderOf(part.files);
    const listing = folder().then((files) => listFiles(files, options));
    this.listed.set(part.id, listing);
    listing.catch(() => this.listed.delete(part.id));
    return listing;
  }
}

const known = ({ facts, broken }: Findings): number => facts.size + broken.size;

/** The data set as it is to be used, by what is known of its images, and what the page tells of it. */
function settle(indexed: Dataset, findings: Findings, options: DataOptions) {
  const { dataset: whole, facts } = withoutBroken(indexed, findings);
  const { dataset, ...arranged } = arrange(whole, facts, options);
  return { dataset, summary: summarise(dataset, facts, arranged) };
}

function differ({ images: a }: Dataset, { images: b }: Dataset): boolean {
  return a.length !== b.length || a.some(({ split }, i) => split !== b[i].split);
}
