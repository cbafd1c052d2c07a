import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/files/memoryStore';
import type { FileStore } from '../../src/files/storage';
import { knownModels, similarModel } from '../../src/hub/knownModels';
import { checkpointPaths, describeRemote, type RemoteOptions, remoteCheckpoint } from '../../src/hub/model';
import { isHubId } from '../../src/hub/place';
import { commitOf, type HubServer, startHubServer } from '../hubServer';

const ID = 'acme/tiny-clip';
const files = (weights = 'weights') =>
  new Map([
    ['config.json', Buffer.from('{"model_type":"clip"}')],
    ['README.md', Buffer.from('# Tiny')],
    ['model.safetensors', Buffer.from(weights)],
    ['pytorch_model.bin', Buffer.alloc(5000)],
    ['onnx/model.onnx', Buffer.alloc(5000)],
  ]);

let hub: HubServer;
let store: FileStore;

beforeAll(async () => {
  hub = await startHubServer();
});
afterAll(() => hub.close());
beforeEach(() => {
  store = memoryStore();
  hub.repositories.clear();
  hub.repositories.set(ID, { files: files() });
  hub.apiStatus = undefined;
  hub.requests.length = 0;
});

const options = (more: RemoteOptions = {}): RemoteOptions => ({
  store,
  endpoint: hub.address,
  firstWaitMs: 1,
  ...more,
});
const read = async (place: string, path: string, more: RemoteOptions = {}) =>
  (await remoteCheckpoint(place, undefined, options(more)).open(path))?.text();
const paths = () => hub.requests.map(({ path }) => path);

describe('a model on the hub', () => {
  it('is named by its id, with a revision, or by the address of its page', async () => {
    const commit = commitOf({ files: files() });
    const places = [
      ID,
      `${ID}/`,
      `hf-hub:${ID}`,
      `https://hf.co/${ID}`,
      `huggingface.co/${ID}`,
      `${ID}@main`,
      `${ID}@refs/pr/1`,
      `${ID}@${commit}`,
    ];
    const pages = [
      '',
      '/',
      '/tree/main',
      '/tree/refs%2Fpr%2F1',
      '/blob/main/config.json',
      `/resolve/${commit}`,
    ].map((rest) => `/${ID}${rest}`);
    for (const place of [...places, ...pages.map((page) => `${hub.address}${page}`)]) {
      expect(await read(place, 'model.safetensors'), place).toBe('weights');
    }
    expect(paths()).toContain(`/api/models/${ID}/revision/refs/pr/1`);
    await expect(async () => read(`${hub.address}/datasets/acme/pictures`, 'x')).rejects.toThrow(
      /is not the page of a model: .*OWNER\/NAME would be right/,
    );
    expect(['a/b', 'a/b@v1.0', 'a-b/c.d@refs/pr/12'].every(isHubId)).toBe(true);
    expect(['a', './a', '/a/b', 'a/b/c', 'a/b@', 'https://a/b'].some(isHubId)).toBe(false);
  });

  it('loads only the files that are opened, and knows which there are', async () => {
    const source = remoteCheckpoint(ID, undefined, options());
    expect('paths' in source && (await source.paths())).toEqual([...files().keys()].sort());
    expect(await source.open('vocab.json')).toBeUndefined();
    expect(await (await source.open('config.json'))?.text()).toBe('{"model_type":"clip"}');
    expect(paths().filter((path) => path.includes('resolve'))).toEqual([
      `/${ID}/resolve/${commitOf({ files: files() })}/config.json`,
    ]);
  });

  it('tells beforehand how much there is to load, and how much of it is stored', async () => {
    const before = await describeRemote(ID, options());
    expect(before).toMatchObject({ id: ID, licence: 'mit', bytes: 28, storedBytes: 0 });
    await read(ID, 'model.safetensors');
    expect(await describeRemote(ID, options())).toEqual({ ...before, storedBytes: 7 });
    expect(await describeRemote('https://example.org/clip', options())).toBeUndefined();
  });

  it('is loaded anew where its branch has moved, but only what changed', async () => {
    await read(ID, 'config.json');
    await read(ID, 'model.safetensors');
    hub.repositories.set(ID, { files: files('better!') });
    hub.requests.length = 0;
    expect(await read(ID, 'model.safetensors')).toBe('better!');
    expect(await read(ID, 'config.json')).toBe('{"model_type":"clip"}');
    expect(paths().filter((path) => path.includes('config'))).toEqual([]);
    const old = `${ID}@${commitOf({ files: files() })}`;
    hub.apiStatus = 503;
    await expect(read(old, 'model.safetensors')).rejects.toThrow(/answers 503/);
  });

  it('is opened from the store where the hub is out of reach', async () => {
    await read(ID, 'model.safetensors');
    hub.apiStatus = 503;
    expect(await read(ID, 'model.safetensors')).toBe('weights');
    await expect(read(ID, 'model.safetensors', { endpoint: 'http://127.0.0.1:9' })).rejects.toThrow(
      /acme\/tiny-clip could not be loaded from 127.0.0.1:9, or not to its end\. Check the connection/,
    );
  });

  it('asks nothing where a commit is stored', async () => {
    const place = `${ID}@${commitOf({ files: files() })}`;
    await read(place, 'model.safetensors');
    hub.requests.length = 0;
    expect(await read(place, 'model.safetensors')).toBe('weights');
    expect(hub.requests).toEqual([]);
  });

  it('is loaded from a mirror that tells neither sizes nor digests', async () => {
    hub.repositories.set(ID, { files: files(), isListedBarely: true });
    expect(await read(ID, 'model.safetensors')).toBe('weights');
    hub.requests.length = 0;
    expect(await read(ID, 'model.safetensors')).toBe('weights');
    expect(paths().filter((path) => path.includes('safetensors'))).toEqual([]);
  });
});

describe('an access token', () => {
  const token = 'hf_secret';

  it('opens private and gated models, goes to the hub only and is stored nowhere', async () => {
    hub.repositories.set('acme/private', { files: files(), token });
    hub.repositories.set('acme/gated', { files: files(), token, gated: true });
    expect(await read('acme/private', 'model.safetensors', { token })).toBe('weights');
    expect(await read('acme/gated', 'model.safetensors', { token })).toBe('weights');
    const sent = hub.requests.map(({ path, authorization }) => [path.split('/')[1], authorization]);
    expect(sent).toContainEqual(['content', undefined]);
    expect(sent.filter(([place]) => place !== 'content').every(([, sentToken]) => sentToken)).toBe(true);
    for (const name of await store.names()) {
      const text = await (await store.open(name))?.text();
      expect(name + text).not.toContain(token);
    }
  });

  it('is asked for in one sentence, with what else may be meant', async () => {
    hub.repositories.set('acme/private', { files: files(), token });
    hub.repositories.set('acme/gated', { files: files(), token, gated: true });
    const weights = 'model.safetensors';
    await expect(read('acme/private', weights)).rejects.toThrow(
      /has no public model acme\/private: check how it is written, or give an access token if it is private\.$/,
    );
    await expect(read('acme/private', weights, { token: 'hf_wrong' })).rejects.toThrow(
      /has no model acme\/private\.$/,
    );
    await expect(read('acme/gated', weights)).rejects.toThrow(
      `accept them at ${hub.address}/acme/gated, then give an access token.`,
    );
    await expect(read('acme/gated', weights, { token: 'hf_wrong' })).rejects.toThrow(
      "with the token's account",
    );
    await expect(read('opanai/clip-vit-large-patch14', weights)).rejects.toThrow(
      'is openai/clip-vit-large-patch14 meant?',
    );
  });
});

describe('what can not be loaded', () => {
  it('is told in one sentence', async () => {
    await expect(read(`${ID}@v9`, 'config.json')).rejects.toThrow(
      `${ID} has no revision “v9”: ${hub.address}/${ID}/tree/main shows its branches and tags.`,
    );
    const pickle = new Map([['pytorch_model.bin', Buffer.alloc(10)]]);
    hub.repositories.set('acme/pickle', { files: pickle });
    await expect(read('acme/pickle', 'config.json')).rejects.toThrow(
      /only pytorch_model\.bin, which could run any program and so is not opened\. If .* load acme\/pickle@refs\/pr/,
    );
    hub.repositories.set('openai/clip-vit-base-patch32', { files: pickle });
    await expect(read('openai/clip-vit-base-patch32', 'config.json')).rejects.toThrow(
      'The same weights are at timm/vit_base_patch32_clip_224.openai.',
    );
    hub.repositories.set('acme/empty', { files: new Map() });
    await expect(read('acme/empty', 'config.json')).rejects.toThrow('acme/empty has no weights at main');
    await expect(async () => read(ID, 'config.json', { endpoint: 'hf-mirror' })).rejects.toThrow(
      "The hub's mirror “hf-mirror” is no web address; https://… would be right.",
    );
    hub.apiStatus = 429;
    await expect(read(ID, 'config.json')).rejects.toThrow(
      /too many requests from this network\. Try again later; with an access token it allows more\./,
    );
  });
});

describe('the files of a checkpoint', () => {
  it('are picked from those of a repository', () => {
    const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
    const sharded = [
      'model.safetensors.index.json',
      ...shards,
      'vocab.json',
      'merges.txt',
      'flax_model.msgpack',
    ];
    expect(checkpointPaths(sharded).sort()).toEqual(sharded.slice(0, 5).sort());
    const openClip = ['open_clip_config.json', 'open_clip_model.safetensors', 'open_clip_pytorch_model.bin'];
    expect(checkpointPaths([...openClip, 'tokenizer.json', 'vocab.json', 'merges.txt']).sort()).toEqual([
      'open_clip_config.json',
      'open_clip_model.safetensors',
      'tokenizer.json',
    ]);
  });
});

describe('the known models', () => {
  it('have ids, and weigh four bytes a parameter', () => {
    for (const { id, parameters, megabytes } of knownModels) {
      expect(isHubId(id), id).toBe(true);
      expect(megabytes / (4 * parameters), id).toBeCloseTo(1, 1);
    }
  });

  it('are found by a similar name', () => {
    expect(similarModel('openai/clip-vit-base-patch-32')).toBe('openai/clip-vit-base-patch32');
    expect(similarModel('open-ai/CLIP-ViT-base-patch16')).toBe('openai/clip-vit-base-patch16');
    expect(similarModel('acme/tiny-clip')).toBeUndefined();
  });
});
