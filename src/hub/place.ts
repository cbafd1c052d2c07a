import { InputError } from '../files/folder';

export const HUB = 'https://huggingface.co';

/** Where the hub has converted a data set to Parquet by itself: https://huggingface.co/docs/dataset-viewer/parquet. */
export const CONVERTED = 'refs/convert/parquet';

/** A revision (branch, tag, commit, `refs/pr/N`) of a repository on the Hugging Face hub. */
export interface HubPlace {
  kind: 'model' | 'data set';
  /** `owner/name` */
  id: string;
  revision: string;
}

/** A data set, of which the hub may hold several under one id. */
export interface HubDataset extends HubPlace {
  /** The hub's name for one of several. */
  config?: string;
}

export interface HubAccess {
  /** The address of a mirror to use instead of the hub. */
  endpoint?: string;
  /** An access token. It goes to the hub or its mirror only, and is stored nowhere. */
  token?: string;
}

const ID = '[\\w-][\\w.-]*/[\\w-][\\w.-]*';
const REVISION = '[\\w.-]+(?:/[\\w.-]+)*';
const MODEL_ID = new RegExp(`^(?:hf-hub:|hf://)?(${ID})/?(?:@(${REVISION}))?$`);
const MODEL_PAGE = new RegExp(
  `^(${ID})(?:/(?:tree|resolve|blob)/(refs/(?:pr|convert)/[\\w.-]+|[\\w.-]+)(?:/.*)?)?$`,
);
const DATASET_ID = new RegExp(`^(hf://datasets/)?(${ID})(?:/([\\w.-]+))?(?:@(${REVISION}))?$`);
const DATASET_PAGE = new RegExp(
  `^datasets/(${ID})(?:/(?:(?:tree|resolve|blob)/(refs/(?:pr|convert)/[\\w.-]+|[\\w.-]+)|viewer/([\\w.-]+))(?:/.*)?)?$`,
);

/** A web address. */
export const isWebAddress = (place: string): boolean => /^https?:\/\//.test(place);

/**
 * `owner/name` on the hub, also with `@revision`, with a slash at its end, or as open_clip and the hub's file system write
 * it (`hf-hub:owner/name`, `hf://owner/name`), or its page.
 */
export const isHubId = (place: string): boolean =>
  MODEL_ID.test(place) || MODEL_PAGE.test(pageOf(place, HUB) ?? '');

/** A data set's `owner/name`, also with `@revision`, its page, or anything with `hf://datasets/` before it. */
export function isHubDataset(place: string): boolean {
  const id = DATASET_ID.exec(place);
  return id ? id[1] !== undefined || id[3] === undefined : DATASET_PAGE.test(pageOf(place, HUB) ?? '');
}

/**
 * The model that an id or a page of the hub or its mirror names; undefined for any other address.
 *
 * @throws InputError for another page of the hub
 */
export function modelPlace(place: string, endpoint = HUB): HubPlace | undefined {
  const [, id, revision = 'main'] = MODEL_ID.exec(place) ?? [];
  if (id) return { kind: 'model', id, revision };
  const page = pageOf(place, endpoint);
  if (page === undefined) return undefined;
  const [, ofPage, ofRevision = 'main'] = MODEL_PAGE.exec(page) ?? [];
  if (ofPage && !page.startsWith('datasets/')) return { kind: 'model', id: ofPage, revision: ofRevision };
  throw new InputError(
    `${place} is not the page of a model: ${endpoint}/OWNER/NAME or OWNER/NAME would be right.`,
  );
}

/** The data set that an id or a page of the hub or its mirror names; undefined for anything else. */
export function datasetPlace(place: string, endpoint = HUB): HubDataset | undefined {
  const [, , id, config, revision = CONVERTED] = DATASET_ID.exec(place) ?? [];
  if (id) return { kind: 'data set', id, config, revision };
  const [, ofPage, ofRevision = CONVERTED, ofConfig] = DATASET_PAGE.exec(pageOf(place, endpoint) ?? '') ?? [];
  return ofPage ? { kind: 'data set', id: ofPage, config: ofConfig, revision: ofRevision } : undefined;
}

/** The path of a page of the hub or its mirror. */
function pageOf(place: string, endpoint: string): string | undefined {
  const bases = [HUB, endpoint].flatMap((base) => [base, base.replace('https://', '')]);
  const base = bases.concat('https://hf.co', 'hf.co').find((one) => place.startsWith(`${one}/`));
  if (base === undefined) return undefined;
  return decodeURIComponent(place.slice(base.length + 1).replace(/[?#].*$/, '')).replace(/\/+$/, '');
}

/** The hub's address or its mirror's. Throws InputError where that is no address. */
export function endpointOf({ endpoint }: HubAccess): string {
  if (endpoint !== undefined && !isWebAddress(endpoint)) {
    throw new InputError(`The hub's mirror “${endpoint}” is no web address; https://… would be right.`);
  }
  return endpoint?.replace(/\/+$/, '') ?? HUB;
}

export const authorization = (token?: string): Record<string, string> =>
  token === undefined ? {} : { Authorization: `Bearer ${token}` };

/** Where a file of a repository is sent from. */
export function fileUrl(endpoint: string, { kind, id }: HubPlace, commit: string, path: string): string {
  const repository = kind === 'model' ? id : `datasets/${id}`;
  return `${endpoint}/${repository}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`;
}
