import {
  type AsyncBuffer,
  type ColumnMetaData,
  type Compressors,
  type FileMetaData,
  type PageHeader,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type RowGroup,
  type SchemaElement,
  type SchemaTree,
} from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { InputError } from '../../files/folder';
import { isLfsPointer, lfsPointer } from '../archives/foreign';

/** A part of a column whose pages can be decoded by themselves: rows from `rowStart` to before `rowEnd` of the file. */
export interface PageRun {
  rowStart: number;
  rowEnd: number;
  /** Where its pages lie in the file: bytes from `start` to before `end`. */
  start: number;
  end: number;
  /** Its size in memory. */
  bytes: number;
  column: ColumnMetaData;
}

/** A column of fewer bytes in a row group is read at once. */
const smallColumnBytes = 32 * 2 ** 20;
/** A page that claims to be larger when unpacked is a bomb. */
const maxPageBytes = 2 ** 30;
/** A page's header with its statistics is smaller. */
const maxHeaderBytes = 2 ** 16;

/**
 * A Parquet file (https://parquet.apache.org/docs/file-format/). Opening reads its footer alone; rows and columns are
 * read when asked for. All methods throw an Error whose message is the reason for skipping the file.
 */
export class ParquetFile {
  private constructor(
    private readonly file: AsyncBuffer,
    private readonly metadata: FileMetaData,
    private readonly compressors?: Compressors,
  ) {}

  static async open(blob: Blob): Promise<ParquetFile> {
    await checkEnd(blob);
    const file = {
      byteLength: blob.size,
      slice: (start: number, end?: number) => blob.slice(start, end).arrayBuffer(),
    };
    const metadata = await orDamaged(() => parquetMetadataAsync(file, { geoparquet: false }));
    const rows = metadata.row_groups.map((group) => Number(group.num_rows));
    const isPossible = rows.every((count) => count >= 0) && sum(rows) <= blob.size;
    const isNamed = metadata.schema.every(({ name }) => typeof name === 'string');
    const isInside = metadata.row_groups.every(({ columns }) =>
      columns.every(({ meta_data }) => !meta_data || isRange(bytesOf(meta_data), blob.size)),
    );
    if (!isPossible || !isNamed || !isInside)
      throw new Error('its list of contents is damaged; get the file anew');
    const chunks = metadata.row_groups.flatMap(({ columns }) => columns);
    if (chunks.some((chunk) => chunk.crypto_metadata))
      throw new Error('it is encrypted; give it without encryption');
    return new ParquetFile(
      file,
      metadata,
      await compressorsFor(chunks.flatMap((chunk) => chunk.meta_data ?? [])),
    );
  }

  /** The columns, with what is in those that are nested. */
  get columns(): SchemaTree[] {
    return parquetSchema(this.metadata).children;
  }

  /** Row numbers at which the row groups begin, and at last the number of rows. */
  get groupStarts(): number[] {
    const starts = [0];
    for (const group of this.metadata.row_groups)
      starts.push(starts[starts.length - 1] + Number(group.num_rows));
    return starts;
  }

  /** What the writer says of the file under a key. */
  note(key: string): string | undefined {
    return this.metadata.key_value_metadata?.find((entry) => entry.key === key)?.value;
  }

  /** The rows of a row group, or the first of them, with nothing read but what lies at or below these paths in the schema. */
  readGroup(
    paths: string[][],
    group: number,
    most = Number.POSITIVE_INFINITY,
  ): Promise<Record<string, unknown>[]> {
    const metadata = project(this.metadata, paths, this.metadata.row_groups[group]);
    const rowEnd = Math.min(most, Number(metadata.num_rows));
    if (metadata.schema.length === 0) return Promise.resolve(Array.from({ length: rowEnd }, () => ({})));
    const chunks = metadata.row_groups.flatMap(({ columns }) =>
      columns.flatMap((chunk) => chunk.meta_data ?? []),
    );
    const file = checkedBuffer(this.file, chunks.map(bytesOf));
    const { compressors } = this;
    return orDamaged(() => parquetReadObjects({ file, metadata, compressors, rowEnd }));
  }

  /** Where the column at this path lies in a row group, in as many runs as it can be read in by itself. */
  async pageRuns(path: string[], group: number): Promise<PageRun[]> {
    const { columns } = this.metadata.row_groups[group];
    const column = columns.find(
      ({ meta_data }) => meta_data?.path_in_schema.join('\0') === path.join('\0'),
    )?.meta_data;
    if (!column) throw new Error('it is damaged: a column is missing in it');
    const [rowStart, rowEnd] = this.groupStarts.slice(group, group + 2);
    const { start, end } = bytesOf(column);
    const bytes = Number(column.total_uncompressed_size);
    // Pages of lists, which stand deeper in the schema, count values and not rows.
    const isList = path.length > 2;
    if (isList && bytes > maxPageBytes)
      throw new Error('its lists of images are larger than 1 GB in a row group; write smaller row groups');
    if (isList || end - start <= smallColumnBytes) return [{ rowStart, rowEnd, start, end, bytes, column }];
    return orDamaged(() => this.walkPages({ rowStart, rowEnd, start, end, bytes, column }));
  }

  /** The column's pages, one by one by their headers; those that need its dictionary stay together with it. */
  private async walkPages(all: PageRun): Promise<PageRun[]> {
    const runs: PageRun[] = [];
    for (let at = all.start, row = all.rowStart; at < all.end; ) {
      const reader = {
        view: new DataView(await this.file.slice(at, Math.min(all.end, at + maxHeaderBytes))),
        offset: 0,
      };
      const header = parquetHeader(reader);
      checkHeader(header, all.end - at - reader.offset, this.file.byteLength);
      const { type, compressed_page_size, uncompressed_page_size } = header;
      const data = header.data_page_header_v2 ?? header.data_page_header;
      const end = at + reader.offset + compressed_page_size;
      const rowEnd = row + (data?.num_values ?? 0);
      const run = { ...all, rowStart: row, rowEnd, start: at, end, bytes: uncompressed_page_size };
      if (type === 'DICTIONARY_PAGE' || data?.encoding.endsWith('_DICTIONARY')) {
        const bytes = sum(runs.map((earlier) => earlier.bytes)) + run.bytes;
        runs.splice(0, runs.length, { ...run, rowStart: all.rowStart, start: all.start, bytes });
      } else runs.push(run);
      at = end;
      row = rowEnd;
    }
    return runs;
  }

  /** The bytes in each row of a run, of a list several; undefined where there are none. */
  async readRun(run: PageRun): Promise<(Uint8Array | undefined)[][]> {
    const { rowStart, rowEnd, start, end, column } = run;
    const rows = BigInt(rowEnd - rowStart);
    const isWhole = start === bytesOf(column).start && end === bytesOf(column).end;
    const meta_data = {
      ...column,
      dictionary_page_offset: undefined,
      data_page_offset: BigInt(start),
      total_compressed_size: BigInt(end - start),
      num_values: isWhole ? column.num_values : rows,
    };
    const group = { columns: [{ file_offset: 0n, meta_data }], total_byte_size: 0n, num_rows: rows };
    const metadata = project(this.metadata, [column.path_in_schema], group);
    const file = checkedBuffer(this.file, [{ start, end }]);
    const { compressors } = this;
    const read = await orDamaged(() => parquetReadObjects({ file, metadata, compressors, utf8: false }));
    return read.map((row) =>
      valuesAt(row, column.path_in_schema).map((value) => (value instanceof Uint8Array ? value : undefined)),
    );
  }
}

/** What a row holds at a path in the schema, whose steps into lists are none in the row; of lists all that they hold. */
export function valuesAt(value: unknown, [name, ...rest]: string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((part) => valuesAt(part, [name, ...rest]));
  if (name === undefined) return [value];
  const isStep = typeof value === 'object' && value !== null && !(name in value);
  return isStep || typeof value !== 'object' ? valuesAt(value, rest) : valuesAt(fieldOf(value, name), rest);
}

/** What a row's struct holds under a name; undefined where it is null or no struct. */
export function fieldOf(struct: unknown, name: string): unknown {
  return typeof struct === 'object' && struct !== null ? Reflect.get(struct, name) : undefined;
}

async function checkEnd(blob: Blob): Promise<void> {
  const magic = new TextDecoder().decode(await blob.slice(Math.max(0, blob.size - 4)).arrayBuffer());
  if (await isLfsPointer(blob)) throw new Error(lfsPointer);
  if (magic === 'PARE') throw new Error('it is encrypted; give it without encryption');
  if (magic !== 'PAR1' || blob.size < 12) throw new Error('it is no Parquet file, or its end is missing');
}

interface ByteRange {
  start: number;
  end: number;
}

/** Where a column's pages lie, its dictionary first. */
function bytesOf({
  dictionary_page_offset,
  data_page_offset,
  total_compressed_size,
}: ColumnMetaData): ByteRange {
  const start = Number(dictionary_page_offset || data_page_offset);
  return { start, end: start + Number(total_compressed_size) };
}

function isRange({ start, end }: ByteRange, fileBytes: number): boolean {
  return start >= 0 && start <= end && end <= fileBytes;
}

/** A file that refuses to hand out pages with impossible headers, on which the reader would hang. */
function checkedBuffer({ byteLength, slice }: AsyncBuffer, pages: ByteRange[]): AsyncBuffer {
  return {
    byteLength,
    slice: async (start, end = byteLength) => {
      const buffer = await slice(start, end);
      for (const range of pages) {
        if (range.start < start || range.end > end) continue;
        const reader = { view: new DataView(buffer, 0, range.end - start), offset: range.start - start };
        while (reader.offset < reader.view.byteLength) {
          const header = parquetHeader(reader);
          checkHeader(header, reader.view.byteLength - reader.offset, byteLength);
          reader.offset += header.compressed_page_size;
        }
      }
      return buffer;
    },
  };
}

/** Throws where a page can't be what its header says, with so many bytes of pages left in a file of so many. */
function checkHeader(header: PageHeader, bytesLeft: number, fileBytes: number): void {
  const { compressed_page_size, uncompressed_page_size, data_page_header_v2: v2 } = header;
  const counts = v2 ?? header.data_page_header ?? header.dictionary_page_header;
  const levels = v2 ? [v2.definition_levels_byte_length, v2.repetition_levels_byte_length, v2.num_rows] : [];
  const isPossible =
    isCount(compressed_page_size, bytesLeft) &&
    isCount(uncompressed_page_size, maxPageBytes) &&
    isCount(counts?.num_values, fileBytes) &&
    levels.every((level) => isCount(level, fileBytes));
  if (!isPossible) throw new Error('a page header is damaged');
}

function isCount(value: number | undefined, most: number): boolean {
  return value !== undefined && Number.isInteger(value) && value >= 0 && value <= most;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Snappy comes with the reader; the rest is loaded where a file needs it. */
async function compressorsFor(columns: ColumnMetaData[]): Promise<Compressors | undefined> {
  const codecs = new Set(columns.map(({ codec }) => codec));
  codecs.delete('UNCOMPRESSED');
  codecs.delete('SNAPPY');
  if (codecs.size === 0) return undefined;
  const { compressors } = await import('hyparquet-compressors');
  for (const codec of codecs) {
    if (!compressors[codec])
      throw new Error(`its compression ${codec} is not known; write it with snappy or zstd`);
  }
  return compressors;
}

/** The file as if it had one row group, and nothing but what lies at or below these paths. */
function project(metadata: FileMetaData, paths: string[][], group: RowGroup): FileMetaData {
  const keep = (leaf: string[]) => paths.some((path) => path.every((name, i) => leaf[i] === name));
  const columns = group.columns.filter(({ meta_data }) => meta_data && keep(meta_data.path_in_schema));
  const schema = prune(parquetSchema(metadata), keep);
  return { ...metadata, schema, num_rows: group.num_rows, row_groups: [{ ...group, columns }] };
}

function prune({ element, path, children }: SchemaTree, keep: (leaf: string[]) => boolean): SchemaElement[] {
  if (children.length === 0) return keep(path) ? [element] : [];
  const kept = children.map((child) => prune(child, keep)).filter(({ length }) => length > 0);
  return kept.length > 0 ? [{ ...element, num_children: kept.length }, ...kept.flat()] : [];
}

/** What the library says of damage is of no use to people. */
async function orDamaged<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof InputError ? error : new Error('it is damaged; get the file anew');
  }
}
