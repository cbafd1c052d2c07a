import { downloadStore } from '../files/browserStore';
import { download } from '../files/download';
import { type FileSource, type Folder, InputError, type OnProgress } from '../files/folder';
import type { RetryOptions } from '../files/retry';
import { type FileStore, storedName } from '../files/storage';
import { storedUrlSource } from '../files/url';
import { hubError } from './errors';
import { withoutSafetensors } from './knownModels';
import { type HubFile, type Listing, storedListing } from './listing';
import { authorization, endpointOf, fileUrl, HUB, type HubAccess, type HubPlace, modelPlace } from './place';

export interface RemoteOptions extends HubAccess, Omit<RetryOptions, 'onProgress'> {
  /** Where downloads are kept; the browser unless told. */
  store?: FileStore;
}

/** What the model at this place is called among those that are stored. */
export const storedPlace = (place: string, options: RemoteOptions = {}): string =>
  modelPlace(place, endpointOf(options))?.id ?? place.replace(/\/+$/, '');

/** The files of a checkpoint at a web address or, by its id, on the hub. It is called what the user wrote. */
export function remoteCheckpoint(
  place: string,
  onProgress?: OnProgress,
  options: RemoteOptions = {},
): FileSource | Folder {
  const all = { ...options, onProgress, endpoint: endpointOf(options) };
  const hubPlace = modelPlace(place, all.endpoint);
  if (hubPlace) return hubFolder(place, hubPlace, all);
  const opened = storeOf(options).then((store) => storedUrlSource(place, store, all));
  return { name: place, open: async (path) => (await opened).open(path) };
}

/** What a checkpoint on the hub takes to load; throws InputError where there is no such model. */
export interface RemoteModel {
  id: string;
  /** The commit that the revision stands for. */
  commit: string;
  licence?: string;
  /** Bytes of the files that a checkpoint needs, and of those how many are stored already. */
  bytes: number;
  storedBytes: number;
}

/** What is to be known of a model on the hub before loading it. Undefined for an address elsewhere. */
export async function describeRemote(
  place: string,
  options: RemoteOptions = {},
): Promise<RemoteModel | undefined> {
  const endpoint = endpointOf(options);
  const hubPlace = modelPlace(place, endpoint);
  if (!hubPlace) return undefined;
  const store = await storeOf(options);
  const { commit, licence, files } = await listingOf(hubPlace, store, { ...options, endpoint });
  const needed = checkpointPaths([...files.keys()]).flatMap((path) => files.get(path) ?? []);
  let storedBytes = 0;
  for (const file of needed) {
    storedBytes += (await store.open(storedName(hubPlace.id, file.path, versionOf(file, commit))))?.size ?? 0;
  }
  const bytes = needed.reduce((sum, { size = 0 }) => sum + size, 0);
  return { id: hubPlace.id, commit, licence, bytes, storedBytes };
}

/** Of all files of a repository, those that loading a checkpoint opens. */
export function checkpointPaths(paths: string[]): string[] {
  const has = (path: string) => paths.includes(path);
  const shards = paths.filter((path) => /^model-\d+-of-\d+\.safetensors$/.test(path));
  const weights = [
    ['model.safetensors'],
    ['model.safetensors.index.json', ...shards],
    ['open_clip_model.safetensors', 'open_clip_config.json'],
    ['open_clip_pytorch_model.safetensors', 'open_clip_config.json'],
  ].find(([first]) => has(first));
  const tokenizer = has('tokenizer.json') ? ['tokenizer.json'] : ['vocab.json', 'merges.txt'];
  const others = ['config.json', 'preprocessor_config.json', 'tokenizer_config.json'];
  return [...(weights ?? []), ...tokenizer, ...others].filter(has);
}

const storeOf = async ({ store }: RemoteOptions): Promise<FileStore> => store ?? downloadStore();

/** A repository's files. Only those that are opened are downloaded. */
function hubFolder(name: string, place: HubPlace, options: RemoteOptions & RetryOptions): Folder {
  let listing: Promise<Listing> | undefined;
  const list = async () => {
    listing ??= storeOf(options).then((store) => listingOf(place, store, options));
    return listing.catch((error) => {
      listing = undefined;
      throw error;
    });
  };
  return {
    name,
    paths: async () => [...(await list()).files.keys()].sort(),
    async open(path) {
      const { files, commit } = await list();
      const file = files.get(path);
      return file && download(remoteFile(place, file, commit, options), await storeOf(options), options);
    },
  };
}

function remoteFile(at: HubPlace, file: HubFile, commit: string, { endpoint = HUB, token }: RemoteOptions) {
  const { path, size, digest } = file;
  return {
    url: fileUrl(endpoint, at, commit, path),
    headers: authorization(token),
    place: at.id,
    path,
    size,
    digest,
    version: versionOf(file, commit),
    isAbsent: () => false,
    explain: (answer: Response | undefined) =>
      hubError({ ...at, endpoint, revision: commit, hasToken: token !== undefined }, answer),
  };
}

/** Unchanged files of a moved branch keep their digest, and so need no other download. */
const versionOf = ({ digest }: HubFile, commit: string): string => digest?.hex ?? commit;

/** A listing in which there are weights to load; pickles are never opened. */
async function listingOf(
  place: HubPlace,
  store: FileStore,
  options: RemoteOptions & RetryOptions,
): Promise<Listing> {
  const { id, revision } = place;
  const listing = await storedListing(place, store, options);
  const paths = [...listing.files.keys()];
  if (paths.some((path) => path.endsWith('.safetensors'))) return listing;
  const pickles = paths.filter((path) => /\.(bin|pt|pth)$/.test(path));
  if (pickles.length === 0) throw new InputError(`${id} has no weights at ${revision}: no *.safetensors.`);
  const copy = withoutSafetensors.get(id);
  throw new InputError(
    `${id} has no safetensors at ${revision}, only ${pickles.join(', ')}, which could run any program and so is not ` +
      `opened. ${copy ? `The same weights are at ${copy}.` : otherWays(id, options.endpoint ?? HUB)}`,
  );
}

const otherWays = (id: string, endpoint: string): string =>
  `If ${endpoint}/${id}/discussions has a request that adds safetensors, load ${id}@refs/pr/ITS-NUMBER; else write ` +
  `them in Python: transformers.CLIPModel.from_pretrained("${id}").save_pretrained(FOLDER).`;
