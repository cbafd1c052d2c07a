import { InputError } from '../../files/folder';
import type { ImportFiles } from '../archives/importFiles';
import { baseName, stemOf } from '../paths';
import { reasonOf } from '../text';
import type { ImageIndex } from './imageIndex';
import { withJoinedColumns } from './numberedColumns';
import { openParquet, wholeTable } from './parquetColumns';
import { readTable } from './readTable';
import { isTable, type Table } from './table';

export const metadataName = /^metadata\.(csv|tsv|jsonl|parquet)$/i;
/** What a competition hands out to be filled in has made-up answers. */
const toFillIn = /sample_?submission/i;
/** More JSON or text files than this are no tables, but one of something for each image. */
const maxFiles = 20;

/** Every table that lies beside the images; of Hugging Face's `metadata` files, where there are any, these alone. */
export async function readTables(files: ImportFiles, index: ImageIndex): Promise<Table[]> {
  const named = files.others.filter((path) => isTable(path) || isParquetTable(path, files));
  const paths = named.filter((path) => !toFillIn.test(baseName(path)));
  const metadata = paths.filter((path) => metadataName.test(baseName(path)));
  const all =
    metadata.length > 0
      ? metadata
      : [...paths, ...alone(files, /\.json$/i), ...alone(files, /\.(txt|lst|list)$/i)];
  const read: Table[] = [];
  for (const path of new Set(all)) {
    const table = await readOne(files, path, (name) => index.find(name, path) !== undefined);
    if (table) read.push(withJoinedColumns(table));
  }
  return read;
}

async function readOne(
  files: ImportFiles,
  path: string,
  isImageName: (name: string) => boolean,
): Promise<Table | undefined> {
  try {
    if (/\.parquet$/i.test(path)) return await readParquet(files, path);
    return await readTable(await files.open(path), path, isImageName);
  } catch (error) {
    if (error instanceof InputError) throw error;
    return { path, columns: [], rows: [], skipped: [{ file: path, reason: reasonOf(error) }] };
  }
}

/** Files of an ending that lie beside no image of their name. */
function alone({ images, others }: ImportFiles, ending: RegExp): string[] {
  const paths = others.filter((path) => ending.test(path));
  const stems = new Set(paths.length > 0 ? images.map(stemOf) : []);
  const found = paths.filter((path) => !stems.has(stemOf(path)));
  return found.length <= maxFiles ? found : [];
}

/** A Parquet file of the name of a folder of images is what img2dataset notes down of them. */
function isParquetTable(path: string, { images, others }: ImportFiles): boolean {
  if (!/\.parquet$/i.test(path)) return false;
  const folder = `${stemOf(path)}/`;
  return ![images, others].some((paths) => paths.some((one) => one.startsWith(folder)));
}

/** The table in a Parquet file without images of its own. */
async function readParquet(files: ImportFiles, path: string): Promise<Table | undefined> {
  const opened = await openParquet(files, path);
  return opened.images.size > 0 ? undefined : wholeTable(opened);
}
