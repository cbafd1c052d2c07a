import { del, get, set } from 'idb-keyval';
import type { DataOptions, DataPart, DroppedFile } from '../../worker/api';

const KEY = 'data';

/** What the last visit trained on: handles of dropped files and folders, or an id of the hub, for each part. */
interface Remembered {
  name: string;
  dataOptions: DataOptions;
  parts: ({ handles: FileSystemHandle[] } | { hub: string })[];
}

/** What only Chromium has. */
interface AskableHandle {
  queryPermission?(wanted: { mode: 'read' }): Promise<PermissionState>;
  requestPermission?(wanted: { mode: 'read' }): Promise<PermissionState>;
}
type HandleItem = DataTransferItem & { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> };

const handlesOf = new Map<string, Promise<FileSystemHandle[]>>();

/** Keeps the handles of a drop, where the browser gives any, for the part of this id. To be called before the first await. */
export function keepHandles(partId: string, transfer: DataTransfer): void {
  const handles = [...transfer.items]
    .filter(({ kind }) => kind === 'file')
    .map((item: HandleItem) => item.getAsFileSystemHandle?.() ?? null);
  handlesOf.set(
    partId,
    Promise.all(handles).then(allOrNone, () => []),
  );
}

const allOrNone = (handles: (FileSystemHandle | null)[]): FileSystemHandle[] => {
  const given = handles.filter((handle) => handle !== null);
  return given.length === handles.length ? given : [];
};

/** Remembers these parts for the next visit; forgets the earlier ones where some part of them can't be. */
export async function remember(name: string, parts: DataPart[], dataOptions: DataOptions): Promise<void> {
  const kept: Remembered['parts'] = [];
  for (const part of parts) {
    if ('hub' in part) kept.push({ hub: part.hub });
    else kept.push({ handles: (await handlesOf.get(part.id)) ?? [] });
  }
  const isWhole = kept.every((part) => 'hub' in part || part.handles.length > 0);
  // Private windows and full disks refuse; then there is nothing to reopen, and nothing else is lost.
  const stored = isWhole ? set(KEY, { name, dataOptions, parts: kept } satisfies Remembered) : del(KEY);
  await stored.catch(() => {});
}

export const forget = (): Promise<void> => del(KEY).catch(() => {});

export const recall = (): Promise<Remembered | undefined> => get<Remembered>(KEY).catch(() => undefined);

/**
 * The remembered parts, their files read anew. Asks for leave, so a click must have led here.
 *
 * @throws Error where the browser may not read them, or they are gone
 */
export async function reopenParts({ parts }: Remembered): Promise<DataPart[]> {
  const opened: DataPart[] = [];
  for (const part of parts) {
    const id = crypto.randomUUID();
    if ('hub' in part) opened.push({ id, hub: part.hub });
    else {
      opened.push({ id, files: (await Promise.all(part.handles.map(readAllowed))).flat() });
      handlesOf.set(id, Promise.resolve(part.handles));
    }
  }
  return opened;
}

async function readAllowed(handle: FileSystemHandle & AskableHandle): Promise<DroppedFile[]> {
  const wanted = { mode: 'read' } as const;
  const isAllowed =
    (await handle.queryPermission?.(wanted)) === 'granted' ||
    (await handle.requestPermission?.(wanted)) === 'granted';
  if (!isAllowed)
    throw new Error(`The browser may not read ${handle.name} again: allow it, or drop it anew.`);
  try {
    return await readHandle(handle, handle.name);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error;
    throw new Error(`${handle.name} is no longer where it was: drop it from its new place.`);
  }
}

async function readHandle(handle: FileSystemHandle, path: string): Promise<DroppedFile[]> {
  if (handle instanceof FileSystemFileHandle) return [{ path, file: await handle.getFile() }];
  if (!(handle instanceof FileSystemDirectoryHandle)) return [];
  const inside: Promise<DroppedFile[]>[] = [];
  for await (const [name, entry] of handle.entries()) inside.push(readHandle(entry, `${path}/${name}`));
  return (await Promise.all(inside)).flat();
}
