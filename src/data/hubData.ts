import { z } from 'zod';
import { type Folder, InputError } from '../files/folder';
import { parseJson, readJson } from '../files/json';
import { fetchPatiently, openRemoteFile } from '../files/remoteFile';

const hub = 'https://huggingface.co';
const prefix = /^(hf:\/\/datasets\/|https:\/\/huggingface\.co\/datasets\/)/;
const hubId = /^([\w-][\w.-]*\/[\w-][\w.-]*)(?:\/([^/@]+))?(?:@(.+))?$/;

interface HubId {
  /** `owner/name`. */
  id: string;
  /** A branch, tag or commit. */
  revision?: string;
  /** The hub's name for one of several data sets in one. */
  config?: string;
}

/** Whether this means a data set of the hub: `owner/name`, `owner/name@revision`, or anything with `hf://datasets/`. */
export function isHubDataset(place: string): boolean {
  const id = hubId.exec(place);
  return prefix.test(place) || (id !== null && id[2] === undefined);
}

/**
 * The Parquet files of a data set on the Hugging Face hub, in folders named after the splits, loaded by ranges where
 * they are read. Throws InputError where there is no such data set, it is not public, or has no Parquet files.
 *
 * @param place `owner/name`, with `/config` and `@revision` behind it, with or without `hf://datasets/` before it
 * @param base the hub's address, or that of a mirror
 */
export async function openHubDataset(place: string, base = hub): Promise<Folder> {
  const [, id, config, revision] = hubId.exec(place.replace(prefix, '')) ?? [];
  if (id === undefined) throw new InputError(`${place} is no id of a data set; it looks like owner/name.`);
  const urls =
    revision === undefined
      ? await exportedFiles({ id, config }, base)
      : await filesAt({ id, revision, config }, base);
  return {
    name: place,
    paths: async () => [...urls.keys()].sort(),
    open: async (path) => {
      const url = urls.get(path);
      return url === undefined ? undefined : openRemoteFile(url);
    },
  };
}

const exportSchema = z.record(z.string(), z.record(z.string(), z.array(z.string())));

/** What the hub has converted to Parquet by itself: https://huggingface.co/docs/dataset-viewer/parquet. */
async function exportedFiles({ id, config }: HubId, base: string): Promise<Map<string, string>> {
  const url = `${base}/api/datasets/${id}/parquet`;
  const { json } = await getJson(url, { id }, () => whyNoExport(id, base));
  const configs = parseJson(exportSchema, json, url);
  const names = Object.keys(configs);
  if (names.length === 0) throw noExport(id);
  const chosen = config ?? (names.length === 1 ? names[0] : 'default');
  if (!Object.hasOwn(configs, chosen)) throw new InputError(wrongConfig(id, names));
  const files = Object.entries(configs[chosen]).flatMap(([split, urls]) =>
    urls.map((file, i): [string, string] => [
      `${split}/${String(i).padStart(4, '0')}.parquet`,
      file.replace(hub, base),
    ]),
  );
  return new Map(files);
}

function wrongConfig(id: string, names: string[]): string {
  const shown = names.slice(0, 10).join(', ') + (names.length > 10 ? ', …' : '');
  return `${id} on the hub holds several data sets: ${shown}; give one of them, as in hf://datasets/${id}/${names[0]}.`;
}

const treeSchema = z.array(z.object({ type: z.string(), path: z.string() }));

/** The Parquet files that lie in the data set itself, as they were at a revision. */
async function filesAt({ id, revision = '', config }: HubId, base: string): Promise<Map<string, string>> {
  const at = encodeURIComponent(revision);
  const files = new Map<string, string>();
  for (let url: string | undefined = `${base}/api/datasets/${id}/tree/${at}?recursive=true`; url; ) {
    const missing = async () => new InputError(`${id} has no revision ${revision} on the hub.`);
    const page = await getJson(url, { id }, missing);
    for (const { type, path } of parseJson(treeSchema, page.json, url)) {
      const isWanted = config === undefined || path.split('/').includes(config);
      if (type !== 'file' || !path.endsWith('.parquet') || !isWanted) continue;
      files.set(
        path,
        `${base}/datasets/${id}/resolve/${at}/${path.split('/').map(encodeURIComponent).join('/')}`,
      );
    }
    url = page.next?.replace(hub, base);
  }
  if (files.size === 0)
    throw new InputError(`${id} has no Parquet files at its revision ${revision} on the hub.`);
  return files;
}

/** An answer of the hub, and where it goes on. */
async function getJson(
  url: string,
  { id }: HubId,
  whyMissing: () => Promise<InputError>,
): Promise<{ json: unknown; next?: string }> {
  const { answer, body } = await fetchPatiently(url, {}, async ({ ok, status, statusText }) => {
    if (status === 401 || status === 403) throw notPublic(id);
    if (status === 404) throw await whyMissing();
    if (!ok) throw new InputError(`${url} can't be loaded: ${status} ${statusText}.`);
  });
  const next = /<([^>]+)>;\s*rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  return { json: await readJson(body, url), next };
}

function notPublic(id: string): InputError {
  return new InputError(
    `${id} is not public on the hub: it is private, gated, or not there; download it with your account and give the files.`,
  );
}

function noExport(id: string): InputError {
  return new InputError(
    `${id} is on the hub, but not as Parquet, or not yet; download its files and give them as they are.`,
  );
}

async function whyNoExport(id: string, base: string): Promise<InputError> {
  const { answer } = await fetchPatiently(`${base}/api/datasets/${id}`, {}, async () => {});
  return answer.ok ? noExport(id) : new InputError(`There is no data set ${id} on the hub; check its name.`);
}
