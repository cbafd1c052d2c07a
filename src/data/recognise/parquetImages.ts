import type { PageRun, ParquetFile } from './parquetFile';

const budgetBytes = 128 * 2 ** 20;

type Bytes = (Uint8Array | undefined)[][];

/** Runs of pages that were read last, as their neighbours are often wanted next; one budget for all files of a data set. */
export class PageCache {
  /** In the order of their last use. */
  private readonly runs = new Map<string, { values: Promise<Bytes>; bytes: number }>();
  private bytes = 0;

  get(key: string, run: PageRun, read: () => Promise<Bytes>): Promise<Bytes> {
    const cached = this.runs.get(key);
    const entry = cached ?? { values: read(), bytes: run.bytes };
    this.forget(key);
    this.runs.set(key, entry);
    this.bytes += entry.bytes;
    for (const oldest of this.runs.keys()) {
      if (this.bytes <= budgetBytes || oldest === key) break;
      this.forget(oldest);
    }
    if (!cached) entry.values.catch(() => this.forget(key));
    return entry.values;
  }

  private forget(key: string): void {
    this.bytes -= this.runs.get(key)?.bytes ?? 0;
    this.runs.delete(key);
  }
}

/** The images in a column of bytes. */
export class ParquetImages {
  private readonly groupStarts: number[];
  private readonly runs = new Map<number, Promise<PageRun[]>>();

  /** @param key tells this file from others with the same cache */
  constructor(
    private readonly key: string,
    private readonly file: ParquetFile,
    private readonly path: string[],
    private readonly cache: PageCache,
  ) {
    this.groupStarts = file.groupStarts;
  }

  /**
   * The image in a row, of a list that in a place. Throws an Error whose message is the reason for skipping it.
   */
  async open(row: number, place: number): Promise<Blob> {
    const group = this.groupStarts.findIndex((start) => start > row) - 1;
    const runs = this.runs.get(group) ?? this.file.pageRuns(this.path, group);
    this.runs.set(group, runs);
    runs.catch(() => this.runs.delete(group));
    const run = (await runs).find(({ rowStart, rowEnd }) => rowStart <= row && row < rowEnd);
    if (!run) throw new Error('its file is damaged: the row is missing');
    const values = await this.cache.get(`${this.key}:${run.start}`, run, () => this.file.readRun(run));
    const bytes = values[row - run.rowStart]?.[place];
    if (!bytes) throw new Error(`row ${row + 1} has no image in it`);
    return new Blob([new Uint8Array(bytes)]);
  }
}
