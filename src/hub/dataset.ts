import { type Folder, InputError } from '../files/folder';
import { openRemoteFile } from '../files/remoteFile';
import { NoRevisionError } from './errors';
import { type Listing, readListing } from './listing';
import {
  authorization,
  CONVERTED,
  datasetPlace,
  endpointOf,
  fileUrl,
  type HubAccess,
  type HubDataset,
} from './place';

/**
 * The Parquet files of a data set on the Hugging Face hub, loaded by ranges where they are read: its own at a revision,
 * else those that the hub has converted, in folders named after the splits.
 *
 * @param place an id or a page of the hub, as `datasetPlace` understands it
 * @throws InputError where there is no such data set, it can't be had, or has no Parquet files
 */
export async function openHubDataset(place: string, access: HubAccess = {}): Promise<Folder> {
  const endpoint = endpointOf(access);
  const dataset = datasetPlace(place, endpoint);
  if (!dataset) throw new InputError(`${place} is no id of a data set; it looks like owner/name.`);
  const listing = await listingOf(dataset, access);
  const files =
    dataset.revision === CONVERTED ? convertedFiles(dataset, listing) : ownFiles(dataset, listing);
  return {
    name: place,
    paths: async () => [...files.keys()].sort(),
    open: async (path) => {
      const original = files.get(path);
      if (original === undefined) return undefined;
      return openRemoteFile(
        fileUrl(endpoint, dataset, listing.commit, original),
        authorization(access.token),
      );
    },
  };
}

async function listingOf(dataset: HubDataset, access: HubAccess): Promise<Listing> {
  try {
    return await readListing(dataset, access);
  } catch (error) {
    throw error instanceof NoRevisionError && dataset.revision === CONVERTED
      ? notConverted(dataset.id)
      : error;
  }
}

const isParquet = (path: string) => path.endsWith('.parquet');

/** Paths without the configuration, with the path of each on the hub, where it is CONFIG/SPLIT/NUMBER.parquet. */
function convertedFiles({ id, config }: HubDataset, { files }: Listing): Map<string, string> {
  const paths = [...files.keys()].filter((path) => isParquet(path) && path.split('/').length === 3);
  const configs = [...new Set(paths.map((path) => path.split('/')[0]))];
  if (configs.length === 0) throw notConverted(id);
  const chosen = config ?? (configs.length === 1 ? configs[0] : 'default');
  if (!configs.includes(chosen)) throw new InputError(wrongConfig(id, configs));
  const ofConfig = paths.filter((path) => path.startsWith(`${chosen}/`));
  return new Map(ofConfig.map((path) => [path.slice(chosen.length + 1), path]));
}

function wrongConfig(id: string, configs: string[]): string {
  const shown = configs.slice(0, 10).join(', ') + (configs.length > 10 ? ', …' : '');
  return `${id} on the hub holds several data sets: ${shown}; give one of them, as in hf://datasets/${id}/${configs[0]}.`;
}

/** The Parquet files that lie in the data set itself. */
function ownFiles({ id, revision, config }: HubDataset, { files }: Listing): Map<string, string> {
  const isWanted = (path: string) => config === undefined || path.split('/').includes(config);
  const paths = [...files.keys()].filter((path) => isParquet(path) && isWanted(path));
  if (paths.length === 0)
    throw new InputError(`${id} has no Parquet files at its revision ${revision} on the hub.`);
  return new Map(paths.map((path) => [path, path]));
}

const notConverted = (id: string): InputError =>
  new InputError(
    `${id} is on the hub, but not as Parquet, or not yet; download its files and give them as they are.`,
  );
