import { classFolders } from './classFolders';
import { coco } from './coco';
import { flickr } from './flickr';
import { parquet } from './parquet';
import { researchSets } from './researchSets';
import { sidecars } from './sidecars';
import type { Source } from './source';
import { tables } from './tables';
import { unlabelled } from './unlabelled';

/**
 * Every form of data that can be read, in the order they are tried: first those whose files only they have (a set's own
 * split file, annotations), then those that say which images they mean, at last folders, which nearly everything has.
 */
export const sources: Source[] = [
  researchSets,
  coco,
  flickr,
  parquet,
  tables,
  sidecars,
  classFolders,
  unlabelled,
];
