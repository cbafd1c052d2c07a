import { expose } from 'comlink';
import { downloadStore } from '../../src/files/browserStore';
import { deleteStored, storedModels } from '../../src/files/storage';
import { remoteCheckpoint } from '../../src/hub/model';

let cancel = new AbortController();

const downloads = {
  /** The text of a file of a model on the hub at `endpoint`. */
  async read(id: string, path: string, endpoint: string): Promise<string | undefined> {
    cancel = new AbortController();
    const options = { endpoint, firstWaitMs: 1, signal: cancel.signal };
    return (await remoteCheckpoint(id, undefined, options).open(path))?.text();
  },
  cancel: () => cancel.abort(new Error('cancelled')),
  stored: async () => storedModels(await downloadStore()),
  deleteAll: async () => deleteStored(await downloadStore()),
  names: async () => (await downloadStore()).names(),
};

export type Downloads = typeof downloads;

expose(downloads);
