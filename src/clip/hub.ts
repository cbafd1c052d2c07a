import { download } from '../files/download';
import { type FileSource, type Folder, InputError, type OnProgress } from '../files/folder';
import { originStore } from '../files/originStore';
import type { RetryOptions } from '../files/retry';
import { type FileStore, storedName } from '../files/storage';
import { storedUrlSource } from '../files/url';
import { hubError } from './hubErrors';
import {
  authorization,
  HUB,
  type HubAccess,
  type HubFile,
  type HubPlace,
  type Listing,
  readListing,
} from './hubListing';
import { withoutSafetensors } from './knownModels';

const ID = '[\\w-][\\w.-]*/[\\w-][\\w.-]*';
const HUB_ID = new RegExp(`^(${ID})(?:@([\\w.-]+(?:/[\\w.-]+)*))?$`);

export interface RemoteOptions extends HubAccess, Omit<RetryOptions, 'onProgress'> {
  /** Where downloads are kept; the browser's private file system unless told. */
  store?: FileStore;
}

/** `owner/name` on the Hugging Face hub, also with `@revision`. */
export const isHubId = (place: string): boolean => HUB_ID.test(place);

/** A web address. */
export const isWebAddress = (place: string): boolean => /^https?:\/\//.test(place);

/** What the model at this place is called among those that are stored. */
export const storedPlace = (place: string, options: RemoteOptions = {}): string =>
  hubPlaceOf(place, mirror(options))?.id ?? place.replace(/\/+$/, '');

/** The files of a checkpoint at a web address or, by its id, on the hub. It is called what the user wrote. */
export function remoteCheckpoint(
  place: string,
  onProgress?: OnProgress,
  options: RemoteOptions = {},
): FileSource | Folder {
  const all = { ...options, onProgress, endpoint: mirror(options) };
  const hubPlace = hubPlaceOf(place, all.endpoint);
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
  const endpoint = mirror(options);
  const hubPlace = hubPlaceOf(place, endpoint);
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

/** The model that an id or a page of the hub names; undefined for any other address. */
function hubPlaceOf(place: string, endpoint = HUB): HubPlace | undefined {
  const [, id, revision = 'main'] = HUB_ID.exec(place) ?? [];
  if (id) return { id, revision };
  const base = [HUB, endpoint].find((one) => place.startsWith(`${one}/`));
  if (!base) return undefined;
  const path = decodeURIComponent(place.slice(base.length + 1).replace(/[?#].*$/, '')).replace(/\/+$/, '');
  const [, ofPage, ofRevision = 'main'] =
    new RegExp(`^(${ID})(?:/(?:tree|resolve)/(refs/(?:pr|convert)/[\\w.-]+|[\\w.-]+))?$`).exec(path) ?? [];
  if (!ofPage) {
    throw new InputError(
      `${place} is not the page of a model: ${base}/OWNER/NAME or OWNER/NAME would be right.`,
    );
  }
  return { id: ofPage, revision: ofRevision };
}

function mirror({ endpoint }: RemoteOptions): string | undefined {
  if (endpoint !== undefined && !isWebAddress(endpoint)) {
    throw new InputError(`The hub's mirror “${endpoint}” is no web address; https://… would be right.`);
  }
  return endpoint?.replace(/\/+$/, '');
}

const storeOf = async ({ store }: RemoteOptions): Promise<FileStore> => store ?? originStore();

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

function remoteFile(
  { id }: HubPlace,
  file: HubFile,
  commit: string,
  { endpoint = HUB, token }: RemoteOptions,
) {
  const { path, size, digest } = file;
  return {
    url: `${endpoint}/${id}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`,
    headers: authorization(token),
    place: id,
    path,
    size,
    digest,
    version: versionOf(file, commit),
    isAbsent: () => false,
    explain: (answer: Response | undefined) =>
      hubError({ endpoint, id, revision: commit, hasToken: token !== undefined }, answer),
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
  const listing = await readListing(place, store, options);
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
