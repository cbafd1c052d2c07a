import { annotations } from './annotations';
import { classFolders } from './classFolders';
import { coco } from './coco';
import { fileNames } from './fileNames';
import { flickr } from './flickr';
import { parquet } from './parquet';
import { researchSets } from './researchSets';
import { sidecars } from './sidecars';
import type { Source } from './source';
import { tables } from './tables';
import { unlabelled } from './unlabelled';

export interface Form {
  /** What run files call it. */
  name: string;
  read: Source;
  /** What speaks for it from the start: a file that says what is in which image more than a folder, a folder more than a name. */
  trust: number;
}

/** Every form of data that can be read; of readings that are as good, the earlier form's counts. */
export const forms: Form[] = [
  { name: 'research-set', read: researchSets, trust: 5 },
  { name: 'coco', read: coco, trust: 2 },
  { name: 'flickr', read: flickr, trust: 2 },
  { name: 'parquet', read: parquet, trust: 2 },
  { name: 'table', read: tables, trust: 2 },
  { name: 'sidecars', read: sidecars, trust: 2 },
  { name: 'class-folders', read: classFolders, trust: 1 },
  { name: 'annotations', read: annotations, trust: 0.5 },
  { name: 'file-names', read: fileNames, trust: 0 },
  { name: 'unlabelled', read: unlabelled, trust: -1 },
];
