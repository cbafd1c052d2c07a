import { counted } from '../../files/counted';
import { InputError } from '../../files/folder';
import { notedFetch } from '../../files/notedFetch';
import { bytes } from '../format';

/** Students and data of a lesson are far smaller, and an answer without end must have one. */
const MOST_BYTES = 2 ** 31;

/** The file at an address, of this or an obliging other site. Throws InputError where it can't be had. */
export async function fetchFile(address: string, onBytes: (got: number) => void): Promise<File> {
  const url = new URL(address);
  const label = nameIn(url);
  const options: RequestInit = { credentials: 'omit', referrerPolicy: 'no-referrer' };
  const answer = await notedFetch(address, options).catch(() => undefined);
  if (!answer?.ok || !answer.body)
    throw new InputError(
      answer
        ? `${url} can't be opened: its server answers ${answer.status} ${answer.statusText}.`
        : `${url} can't be opened: there is no such place, or it forbids other pages to read it.`,
    );
  const tooLarge = new InputError(
    `${url} is over ${bytes(MOST_BYTES)}, more than is opened from an address.`,
  );
  if (Number(answer.headers.get('content-length') ?? 0) > MOST_BYTES) throw tooLarge;
  let got = 0;
  const stream = counted(answer.body, (passed) => {
    if (passed > MOST_BYTES) throw tooLarge;
    got = passed;
    onBytes(passed);
  });
  try {
    // The browser keeps what comes where it likes, on the disk where it is much.
    return new File([await new Response(stream).blob()], label);
  } catch (error) {
    throw error === tooLarge ? error : new InputError(`${url} broke off after ${bytes(got)}: open it again.`);
  }
}

function nameIn({ pathname, host }: URL): string {
  const last = pathname.split('/').at(-1) || host;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
