import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { parseRun } from '../../src/run/schema';
import type { EngineEvent } from '../../src/worker/api';
import { OpenedModels } from '../../src/worker/openedModels';
import { type HubServer, startHubServer } from '../hubServer';

const FIXTURE = 'test/fixtures/reference/teacher';
const ID = 'acme/tiny-clip';
const token = 'hf_secret';

let hub: HubServer;
let events: EngineEvent[];
let models: OpenedModels;

beforeAll(async () => {
  hub = await startHubServer();
  const files = new Map<string, Buffer>();
  for (const name of await readdir(FIXTURE)) files.set(name, await readFile(`${FIXTURE}/${name}`));
  hub.repositories.set(ID, { files, token });
});
afterAll(() => hub.close());
beforeEach(async () => {
  events = [];
  hub.requests.length = 0;
  models = new OpenedModels({ name: 'demo', open: async () => undefined }, (event) => events.push(event));
  models.setAccess({ endpoint: hub.address, token });
  await models.deleteStored();
});

const run = (teacher: string) => parseRun({ teacher }, 'RUN.json');

it('describes a model from its small files alone', async () => {
  const { name, remote, sizes } = await models.describe(`${ID}@main`);
  expect(name).toBe(`${ID}@main`);
  expect(remote).toMatchObject({ id: ID, licence: 'mit', storedBytes: 0 });
  expect(sizes).toMatchObject({ description: 'ViT 48/8, 2 × 128' });
  expect(hub.requests.filter(({ path }) => path.startsWith('/content/'))).toEqual([]);
  expect(remote?.bytes).toBeGreaterThan(2e6);
});

it('deletes no model that is in use', async () => {
  const { name } = await models.open('teacher', `${ID}@main`);
  expect(await models.stored()).toMatchObject([{ place: ID, complete: true, isInUse: true }]);
  await expect(models.deleteStored(ID)).rejects.toThrow(`${ID} is in use`);
  await models.deleteStored();
  models.keep(run(name));
  expect(await models.stored()).toHaveLength(1);
  models.keep(run('demo'));
  expect(await models.stored()).toMatchObject([{ isInUse: false }]);
  await models.deleteStored(ID);
  expect(await models.stored()).toEqual([]);
});

it('keeps a model that one after it does not replace', async () => {
  const teacher = await models.open('teacher', ID);
  await expect(models.open('teacher', 'acme/missing')).rejects.toThrow('no model acme/missing');
  expect(await models.teacherOf(run(ID))).toBe(teacher);
});

it('stops a download and says when it can be stopped', async () => {
  hub.faults.set('model.safetensors', [{ kind: 'slow', ms: 60_000 }]);
  const opening = models.open('teacher', ID).catch((error: Error) => error.message);
  await expect.poll(() => hub.requests.some(({ path }) => path.startsWith('/content/'))).toBe(true);
  models.cancel();
  expect(await opening).toBe('Loading was cancelled; what was downloaded is kept.');
  expect(events.filter(({ type }) => type === 'opening')).toEqual([
    { type: 'opening', isOpening: true },
    { type: 'opening', isOpening: false },
  ]);
  await models.open('teacher', ID);
});

it('changes the access in parts, and forgets it', async () => {
  models.setAccess({ token: '' });
  await expect(models.describe(ID)).rejects.toThrow('localhost');
  models.setAccess({ token });
  expect((await models.describe(ID)).remote?.id).toBe(ID);
});

it('knows what a drop would take to be found again', () => {
  expect(() => models.teacherOf(run('dropped'))).toThrow('drop its checkpoint folder on Models');
});
