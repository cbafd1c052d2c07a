import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { count } from './count';
import { InputError, type OnProgress } from './folder';
import {
  type Connection,
  chunks,
  connected,
  type Explain,
  type Range,
  rangeOf,
  request,
  validatorOf,
} from './http';
import { Interruption, type RetryOptions, withRetries } from './retry';
import {
  ensureRoom,
  type FileStore,
  openStored,
  readRecord,
  removeStored,
  type StoredRecord,
  storedName,
  writeRecord,
  writingError,
} from './storage';

const TELL_EVERY_MS = 100;
/** A file below it is checked so fast that there is nothing to tell. */
const SMALL_FILE = 10e6;

/** Names contents: their SHA-256, or their id in git (the SHA-1 of `blob`, their length and themselves). */
export interface Digest {
  algorithm: 'sha256' | 'git';
  hex: string;
}

export interface RemoteFile {
  url: string;
  headers?: Record<string, string>;
  /** The model it belongs to, and its path there. */
  place: string;
  path: string;
  /** Names the contents for good. Without it, the server is asked each time whether its file is still the same. */
  version?: string;
  size?: number;
  digest?: Digest;
  /** Whether the answer says that there is no such file. */
  isAbsent(answer: Response): boolean;
  explain: Explain;
}

/**
 * The contents of a file on the web, from the store where they are there. Else they are downloaded into it, going on
 * where an earlier download stopped. What is returned is complete and verified. Undefined where there is no such file.
 *
 * Contents are told apart by the validators of the answers and not by `If-Range`, which would make a browser ask other
 * origins for leave first: the hub's content servers are such, and need not give it.
 *
 * @throws InputError for what the server answers or sends, MachineError where the store is full
 */
export function download(
  file: RemoteFile,
  store: FileStore,
  options: RetryOptions = {},
): Promise<Blob | undefined> {
  const name = storedName(file.place, file.path, file.version ?? '');
  // Whoever asks for the same file meanwhile waits, and then finds it stored.
  const before = underWay.get(name) ?? Promise.resolve();
  const loaded = before.then(() => load(file, name, store, options));
  const ended = loaded.then(
    () => {},
    () => {},
  );
  underWay.set(name, ended);
  void ended.then(() => underWay.get(name) === ended && underWay.delete(name));
  return loaded;
}

/** The end of the latest download of each file. */
const underWay = new Map<string, Promise<void>>();

async function load(file: RemoteFile, name: string, store: FileStore, options: RetryOptions) {
  options.signal?.throwIfAborted();
  const stored = await openStored(store, name);
  const isCurrent = stored && (file.version !== undefined || (await isUnchanged(file, store, name, options)));
  if (isCurrent) return stored;
  const one = new Download(file, name, store, options);
  return withRetries(
    () => one.attempt(),
    options,
    () => one.position,
  );
}

/** Whether what is stored is what the server has; also where the server can't be asked. */
async function isUnchanged(
  { url, headers, explain }: RemoteFile,
  store: FileStore,
  name: string,
  { signal }: RetryOptions,
): Promise<boolean> {
  const validator = (await readRecord(store, name))?.validator;
  try {
    return await connected(signal, explain, async (connection) => {
      const init = { headers: { ...headers, Range: 'bytes=0-0' }, signal: connection.signal };
      const answer = await request(url, init, explain);
      return answer.ok && validator !== undefined && validatorOf(answer) === validator;
    });
  } catch {
    signal?.throwIfAborted();
    return true;
  }
}

class Download {
  /** Bytes of it in the store. */
  position = 0;
  private wasResumed = false;

  constructor(
    private readonly file: RemoteFile,
    private readonly name: string,
    private readonly store: FileStore,
    private readonly options: RetryOptions,
  ) {}

  async attempt(): Promise<Blob | undefined> {
    const record = await readRecord(this.store, this.name);
    const isKnown = record && !record.complete && (this.file.version ?? record.validator) !== undefined;
    this.position = isKnown ? ((await this.store.open(this.name))?.size ?? 0) : 0;
    const isWhole = this.position > 0 && this.position === this.file.size;
    // All of it came before, but the end of its check did not.
    if (isWhole) this.wasResumed = true;
    return isWhole || (await this.receive(record?.validator)) ? this.finish() : undefined;
  }

  /** Asks for what is missing and stores it; false where there is no such file. */
  private receive(validator: string | undefined): Promise<boolean> {
    const { explain, isAbsent } = this.file;
    return connected(this.options.signal, explain, async (connection) => {
      const answer = await this.ask(connection.signal);
      if (isAbsent(answer)) return false;
      if (!answer.ok) throw explain(answer);
      const range = rangeOf(answer);
      if (answer.status !== 206) this.position = 0;
      else if (this.position > 0) await this.checkRest(answer, range, validator);
      await this.write(answer, this.wholeSize(range), connection);
      return true;
    });
  }

  private async ask(signal: AbortSignal): Promise<Response> {
    const { url, headers, explain } = this.file;
    // A range, if only of everything, also has the bytes sent as they are, not compressed on the way.
    const init = { headers: { ...headers, Range: `bytes=${this.position}-` }, signal };
    const answer = await request(url, init, explain);
    if (answer.status === 416 && this.position > 0) await this.startAnew(explain(answer));
    return answer;
  }

  /** Lets only the rest of the same contents go after what is stored. */
  private async checkRest(answer: Response, range: Range | undefined, validator: string | undefined) {
    const isSame = this.file.version !== undefined || validatorOf(answer) === validator;
    if (!isSame || (range && range.start !== this.position)) {
      await this.startAnew(
        new InputError(`${this.file.url} was changed again and again while it was loaded.`),
      );
    }
    this.wasResumed = true;
  }

  private async startAnew(reason: Error): Promise<never> {
    await removeStored(this.store, this.name);
    this.wasResumed = false;
    throw new Interruption(reason, 0);
  }

  private wholeSize(range: Range | undefined): number | undefined {
    const { size, url } = this.file;
    if (size !== undefined && range && range.size !== size) {
      throw new InputError(
        `${url} has ${count(range.size)} bytes, but its repository says ${count(size)}: the server is out of date. ` +
          'Try again later, or another mirror.',
      );
    }
    return size ?? range?.size;
  }

  private async write(answer: Response, size: number | undefined, connection: Connection): Promise<void> {
    const { path, explain } = this.file;
    const missing = size === undefined ? undefined : size - this.position;
    if (missing !== undefined) await ensureRoom(this.store, missing, path);
    await this.note({ size, validator: validatorOf(answer), complete: false });
    const tell = teller(path, size, this.options.onProgress);
    try {
      await this.append(answer, size, () => {
        connection.isAlive();
        tell(this.position);
      });
    } catch (error) {
      throw await writingError(error, this.store, missing, path);
    }
    if (this.position < (size ?? 0)) throw new Interruption(explain(undefined));
    tell(this.position, true);
  }

  private async append(answer: Response, size: number | undefined, onBytes: () => void): Promise<void> {
    const appender = await this.store.append(this.name, this.position);
    try {
      for await (const bytes of chunks(answer, this.file.explain)) {
        await appender.write(bytes);
        this.position += bytes.length;
        onBytes();
        if (this.position > (size ?? Number.POSITIVE_INFINITY)) break;
      }
    } finally {
      await appender.close();
    }
  }

  private async note(state: Pick<StoredRecord, 'size' | 'validator' | 'complete'>): Promise<void> {
    const { place, path } = this.file;
    await writeRecord(this.store, this.name, { place, path, ...state, usedAt: Date.now() });
  }

  /** Verifies what is stored, and only then marks it as complete. */
  private async finish(): Promise<Blob> {
    const { url, path, digest, size = this.position } = this.file;
    const contents = await this.store.open(this.name);
    const isRight =
      contents?.size === size &&
      (!digest || (await hexOf(contents, digest, path, this.options)) === digest.hex);
    if (contents && isRight) {
      const validator = (await readRecord(this.store, this.name))?.validator;
      await this.note({ size, validator, complete: true });
      return contents;
    }
    const error = new InputError(
      `${url} sends other contents than its repository names. Try again later, or another mirror.`,
    );
    // What was stored before may be what is wrong.
    if (this.wasResumed) await this.startAnew(error);
    await removeStored(this.store, this.name);
    throw error;
  }
}

async function hexOf(
  contents: Blob,
  { algorithm }: Digest,
  path: string,
  { onProgress, signal }: RetryOptions,
): Promise<string> {
  const hash = algorithm === 'sha256' ? sha256.create() : sha1.create();
  if (algorithm === 'git') hash.update(utf8ToBytes(`blob ${contents.size}\0`));
  const tell = teller(`Checking ${path}`, contents.size, contents.size < SMALL_FILE ? undefined : onProgress);
  const reader = contents.stream().getReader();
  let done = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    signal?.throwIfAborted();
    hash.update(read.value);
    done += read.value.length;
    tell(done);
  }
  tell(done, true);
  return bytesToHex(hash.digest());
}

/** Tells the progress now and then. */
function teller(label: string, total = 0, onProgress?: OnProgress) {
  let toldAt = performance.now();
  return (done: number, isEnd = false) => {
    if (!isEnd && performance.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = performance.now();
    onProgress?.({ label, done, total: isEnd ? done : total, unit: 'bytes' });
  };
}
