import { z } from 'zod';
import type { Digest } from '../files/download';
import { InputError } from '../files/folder';
import { connected, request } from '../files/http';
import { parseJson } from '../files/json';
import { Interruption, type RetryOptions, withRetries } from '../files/retry';
import { type FileStore, openStored, storedName, storeFile } from '../files/storage';
import { hubError } from './errors';
import { authorization, endpointOf, type HubAccess, type HubPlace } from './place';

const COMMIT = /^[0-9a-f]{40}$/;

export interface HubFile {
  path: string;
  size?: number;
  digest?: Digest;
}

export interface Listing {
  commit: string;
  licence?: string;
  /** By their path. */
  files: Map<string, HubFile>;
}

/** What the hub's API tells of a revision with `blobs=true`, as far as it is of use here. */
const listingSchema = z.object({
  sha: z.string().regex(COMMIT),
  cardData: z.object({ license: z.string() }).optional().catch(undefined),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: z.int().nonnegative().nullish(),
      blobId: z.string().nullish(),
      lfs: z.object({ sha256: z.string(), size: z.int().nonnegative() }).nullish(),
    }),
  ),
});

/** The files of a revision with their sizes and digests, as they are now. */
export async function readListing(place: HubPlace, options: HubAccess & RetryOptions): Promise<Listing> {
  return parseListing(await withRetries(() => fetchListing(place, options), options), place.id);
}

/**
 * The files of a revision with their sizes and digests. What is stored is used for a commit, which never changes, and
 * where the hub is out of reach.
 */
export async function storedListing(
  place: HubPlace,
  store: FileStore,
  options: HubAccess & RetryOptions,
): Promise<Listing> {
  const { id, revision } = place;
  const path = `revision ${revision}`;
  const name = storedName(id, path, endpointOf(options));
  const stored = await (await openStored(store, name))?.text();
  if (stored !== undefined && COMMIT.test(revision)) return parseListing(stored, id);
  const fetched = () => fetchListing(place, options);
  try {
    const contents = await (stored === undefined ? withRetries(fetched, options) : fetched());
    const listing = parseListing(contents, id);
    await storeFile(store, name, { place: id, path, contents });
    return listing;
  } catch (error) {
    options.signal?.throwIfAborted();
    if (stored === undefined || !(error instanceof Interruption)) throw error;
    return parseListing(stored, id);
  }
}

async function fetchListing(place: HubPlace, options: HubAccess & RetryOptions): Promise<string> {
  const { token, signal } = options;
  const endpoint = endpointOf(options);
  const { kind, id, revision } = place;
  const explain = (answer?: Response) =>
    hubError({ ...place, endpoint, hasToken: token !== undefined }, answer);
  const repositories = kind === 'model' ? 'models' : 'datasets';
  const url = `${endpoint}/api/${repositories}/${id}/revision/${encodeURIComponent(revision)}?blobs=true`;
  return connected(signal, explain, async (connection) => {
    const answer = await request(url, { headers: authorization(token), signal: connection.signal }, explain);
    if (!answer.ok) throw explain(answer);
    return answer.text().catch(() => {
      throw new Interruption(explain());
    });
  });
}

function parseListing(contents: string, id: string): Listing {
  const { sha, cardData, siblings } = parseJson(
    listingSchema,
    parsed(contents),
    `What the hub tells of ${id}`,
  );
  const files = siblings.map(({ rfilename, size, blobId, lfs }): HubFile => {
    const digest: Digest | undefined = lfs
      ? { algorithm: 'sha256', hex: lfs.sha256 }
      : blobId
        ? { algorithm: 'git', hex: blobId }
        : undefined;
    return { path: rfilename, size: lfs?.size ?? size ?? undefined, digest };
  });
  return { commit: sha, licence: cardData?.license, files: new Map(files.map((file) => [file.path, file])) };
}

function parsed(contents: string): unknown {
  try {
    return JSON.parse(contents);
  } catch {
    throw new InputError(
      'The hub answers with a page instead of data: a login page of the network or a wrong mirror stands in between.',
    );
  }
}
