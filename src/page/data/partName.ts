import { commonFolder } from '../../files/blobs';
import type { DataPart } from '../../worker/api';
import { plural } from '../format';

/** What a part of the data is called: its id on the hub, its folder, its file. */
export function partName(part: DataPart): string {
  if ('hub' in part) return part.hub;
  const paths = part.files.map(({ path }) => path);
  return commonFolder(paths) || (paths.length === 1 ? paths[0] : plural(paths.length, 'file'));
}
