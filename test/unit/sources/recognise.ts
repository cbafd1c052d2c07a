import { parquetWriteBuffer, type SchemaElement } from 'hyparquet-writer';
import { listFiles } from '../../../src/data/archives/importFiles';
import type { DataOptions } from '../../../src/data/options';
import { recognise as recogniseFiles } from '../../../src/data/recognise/recognise';
import type { Listing } from '../../../src/data/recognise/source';
import { type Files, folderOf } from '../sampleData';

/** What is made of these files. */
export async function recognise(files: Files, options: DataOptions = {}): Promise<Listing> {
  const listing = await recogniseFiles(await listFiles(folderOf(files)), options);
  if (!listing) throw new Error('no form knows them');
  return listing;
}

/** Each pairing as `path: texts (split)`. */
export function pairingsOf({ pairings }: Listing): string[] {
  return pairings.map(
    ({ path, texts, split }) => `${path}: ${texts.join(' | ')}${split ? ` (${split})` : ''}`,
  );
}

/** Each skip as `file: reason`. */
export function skipsOf({ skipped }: Listing): string[] {
  return skipped.map(({ file, reason }) => `${file}: ${reason}`);
}

interface ImageCell {
  bytes: Uint8Array | null;
  path: string | null;
}

/** Rows for a Parquet file as the Hugging Face hub exports them. */
export interface HubRows {
  image: (ImageCell | null)[];
  [column: string]: unknown[];
}

const imageSchema: SchemaElement[] = [
  { name: 'image', repetition_type: 'OPTIONAL', num_children: 2 },
  { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
  { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
];

/** A Parquet file as the Hugging Face hub exports them; `names` are the class names of the column `label`. */
export function hubParquet(
  rows: HubRows,
  { names, ...options }: { names?: string[] } & Partial<Parameters<typeof parquetWriteBuffer>[0]> = {},
): Uint8Array {
  const { image, ...others } = rows;
  const schema: SchemaElement[] = [
    { name: 'schema', num_children: Object.keys(rows).length },
    ...imageSchema,
  ];
  for (const [name, data] of Object.entries(others)) schema.push(...elementsOf(name, data));
  const features = { image: { _type: 'Image' }, ...(names && { label: { names, _type: 'ClassLabel' } }) };
  const buffer = parquetWriteBuffer({
    columnData: Object.entries(rows).map(([name, data]) => ({ name, data })),
    schema,
    kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }],
    ...options,
  });
  return new Uint8Array(buffer);
}

function elementsOf(name: string, data: unknown[]): SchemaElement[] {
  const text: SchemaElement = {
    name,
    type: 'BYTE_ARRAY',
    converted_type: 'UTF8',
    repetition_type: 'OPTIONAL',
  };
  const sample = data.find((value) => value !== null);
  if (typeof sample === 'bigint') return [{ name, type: 'INT64', repetition_type: 'OPTIONAL' }];
  if (!Array.isArray(sample)) return [text];
  return [
    { name, converted_type: 'LIST', repetition_type: 'OPTIONAL', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { ...text, name: 'element' },
  ];
}
