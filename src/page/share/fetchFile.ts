import { InputError } from '../../files/folder';
import { bytes } from '../format';
import { store } from '../store';
import { counted } from './counted';

/** The file at an address, of this or an obliging other site. Throws InputError where it can't be had. */
export async function fetchFile(url: URL): Promise<File> {
  const label = decodeURIComponent(url.pathname.split('/').at(-1) ?? '') || url.host;
  const answer = await fetch(url).catch(() => undefined);
  if (!answer?.ok || !answer.body)
    throw new InputError(
      answer
        ? `${url} can't be opened: its server answers ${answer.status} ${answer.statusText}.`
        : `${url} can't be opened: there is no such place, or it forbids other pages to read it.`,
    );
  const whole = Number(answer.headers.get('content-length') ?? 0);
  let got = 0;
  const stream = counted(answer.body, (passed) => {
    got = passed;
    const total = Math.max(whole, passed + 1);
    store.setState({ progress: [{ label, done: passed, total, unit: 'bytes' }] });
  });
  try {
    // The browser keeps what comes where it likes, on the disk where it is much.
    return new File([await new Response(stream).blob()], label);
  } catch {
    throw new InputError(`${url} broke off after ${bytes(got)}: open it again.`);
  } finally {
    store.setState({ progress: [] });
  }
}
