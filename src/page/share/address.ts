import { report } from '../store';
import { type FetchOptions, fetchFile } from './fetchFile';
import { offerFile, offerStore } from './opening';

/** Fetches and offers the file that the user has agreed to. */
export async function openAddress(url: URL, options: FetchOptions): Promise<void> {
  try {
    await offerFile(await fetchFile(url, options));
  } catch (error) {
    if (!options.signal.aborted) report(error);
  }
  declineAddress();
}

export const declineAddress = (): void => offerStore.setState({ from: undefined });
