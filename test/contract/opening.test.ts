import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PRETRAINED } from '../../src/run/demo';
import { type HubServer, startHubServer } from '../hubServer';
import { dataSummary, loadedRun, modelDescription, modelSummary, storedModels } from './schemas';
import { dropped, droppedText, eachEngine, onDemo, onRun, refused, smallRun } from './subjects';

const FIXTURE = 'test/fixtures/reference';
const ID = 'acme/tiny-clip';
const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);
const pets = (id: string) => ({ id, files: dropped('data', id) });

let hub: HubServer;
beforeAll(async () => {
  hub = await startHubServer();
  const files = new Map(
    readdirSync(`${FIXTURE}/teacher`).map((name) => [name, readFileSync(`${FIXTURE}/teacher/${name}`)]),
  );
  hub.repositories.set(ID, { files });
  hub.repositories.set('owner/private', { files, token: 'hf_secret', gated: true });
});
afterAll(() => hub.close());

eachEngine((open) => {
  it('opens the demo, or those of its concepts that are asked for', async () => {
    const { engine } = await open();
    await refused(engine.imageRows(0, 1, ''), /no data to train on yet/);
    const { groups, defaultConcepts } = await engine.demoGroups();
    const names = new Map(groups.flatMap(({ concepts }) => concepts.map(({ id, name }) => [id, name])));
    const whole = dataSummary.parse(await engine.openDemo());
    expect(whole.classes.toSorted()).toEqual(defaultConcepts.map((id) => names.get(id)).sort());
    const some = dataSummary.parse(await engine.openDemo(defaultConcepts.slice(3, 6)));
    expect(some.classes).toHaveLength(3);
    expect(some.images).toBeLessThan(whole.images);
    const few = dataSummary.parse(await engine.openDemo(defaultConcepts.slice(3, 6), { labelsPerClass: 1 }));
    expect(few).toMatchObject({
      images: some.images,
      training: { images: some.training.images, labelled: 3 },
    });
    expect(few.pairs).toBe(some.pairs - some.training.labelled + 3);
    await refused(engine.openDemo(['nothing']), /no concept “nothing”/);
    expect((await engine.imageRows(0, 1, '')).total).toBe(some.images);
  });

  it('reads drops as one data set, whose figures agree, and looks into all images', async () => {
    const { engine, events, until } = await open();
    const one = dataSummary.parse(await engine.openData([pets('cats')], {}));
    expect(one.name).toBe('cats');
    const both = dataSummary.parse(await engine.openData([pets('cats'), pets('dogs')], { testShare: 0.25 }));
    expect(both.images).toBe(2 * one.images);
    for (const data of [one, both]) {
      expect(sum(Object.values(data.splits))).toBe(data.images);
      expect(data.training.images).toBe(data.splits['all'] ?? data.splits['train']);
      expect(data.pairs).toBeGreaterThanOrEqual(data.training.labelled);
      expect(data.classCounts).toHaveLength(data.classes.length);
      expect(data.promptTemplate === undefined).toBe(data.classes.length === 0);
      for (const { image } of data.samples) expect(image).toBeLessThan(data.images);
    }
    let { examined } = both;
    if (examined < both.images)
      await until((event) => event.type === 'data' && event.summary.examined === both.images);
    for (const event of events)
      if (event.type === 'data') {
        expect(event.summary.examined).toBeGreaterThanOrEqual(examined);
        ({ examined } = event.summary);
      }
    expect((await engine.imageRows(0, 0, '')).total).toBe(both.images);
    await engine.load('first', smallRun(), 'float32');
    await engine.step();
  });

  it('refuses a drop without images, asks for classes, is cancelled, and keeps the data of before', async () => {
    const { engine, data } = await onDemo(open);
    await refused(
      engine.openData([{ id: 'notes', files: droppedText('notes.txt', 'no images here') }], {}),
      /notes\.txt/,
    );
    const loose = { id: 'loose', files: dropped('data', 'loose', (file) => /^00\d\.png$/.test(file)) };
    await expect(engine.openData([loose], {})).rejects.toMatchObject({ name: 'NeedsClasses' });
    const cancelled = engine.openData([pets('cats')], {});
    void engine.cancelOpening();
    await refused(cancelled, /cancelled/);
    expect((await engine.imageRows(0, 0, '')).total).toBe(data.images);
    const named = dataSummary.parse(await engine.openData([loose], { classes: ['owl', 'otter'] }));
    expect(named.classes).toEqual(['owl', 'otter']);
  });

  it('takes a dropped checkpoint as the teacher from the next load on, and refuses what is none', async () => {
    const { engine, events, loaded } = await onRun(open);
    await refused(
      engine.openModel('teacher', droppedText('notes.txt', 'no model')),
      /is not a checkpoint folder/,
    );
    events.splice(0);
    const summary = modelSummary.parse(await engine.openModel('teacher', dropped('teacher', 'tiny')));
    const opening = events.flatMap((event) => (event.type === 'opening' ? event.isOpening : []));
    expect([opening.at(0), opening.at(-1)]).toEqual([true, false]);
    const next = await engine.load('second', smallRun({ teacher: summary.name }), 'float32');
    expect(next.teacher).toEqual(summary);
    const own = await engine.load('third', smallRun(), 'float32');
    expect(own.teacher).toEqual(loaded.teacher);
    const { layers } = loaded.teacher;
    const cut = modelDescription.parse(
      await engine.describeStudent({ from: 'teacher', layers: layers - 1, pick: 'spread' }),
    );
    expect(cut.sizes?.layers).toBe(layers - 1);
    await refused(engine.describeStudent({ from: 'teacher', layers: 99, pick: 'spread' }), /99/);
  });

  it('has a student that has learnt before, whose prompts learn on', async () => {
    const { engine } = await onDemo(open);
    const run = smallRun({ student: PRETRAINED });
    expect(run.train.parameters).toBe('prompts');
    const { student } = loadedRun.parse(await engine.load('first', run, 'float32'));
    expect(student.initialisation).toBe('checkpoint');
    const { sizes } = modelDescription.parse(await engine.describeStudent(PRETRAINED));
    expect(sizes).toMatchObject({ description: student.description, width: student.width });
  });

  it('looks models of the hub up, downloads, keeps and deletes them, with a token where one is needed', async () => {
    const { engine, events } = await onRun(open);
    await engine.setHubAccess({ endpoint: hub.address });
    await refused(engine.describeModel('owner/missing'), /no public model owner\/missing/);
    await refused(engine.openModel('teacher', 'owner/private'), /accepted its terms/);
    const found = modelDescription.parse(await engine.describeModel(ID));
    expect(found).toMatchObject({ name: ID, remote: { id: ID, storedBytes: 0 } });
    const cancelled = engine.openModel('teacher', ID);
    void engine.cancelModel();
    await refused(cancelled, /cancelled; what was downloaded is kept/);
    events.splice(0);
    const summary = modelSummary.parse(await engine.openModel('teacher', ID));
    expect(summary).toMatchObject({ name: ID, initialisation: 'checkpoint' });
    const progress = events.flatMap((event) => (event.type === 'progress' ? event : []));
    expect(progress.at(-1)?.done).toBe(progress.at(-1)?.total);
    await engine.load('second', smallRun({ teacher: ID }), 'float32');
    const stored = storedModels.parse(await engine.storedModels());
    expect(stored[0]).toMatchObject({ place: ID, complete: true, isInUse: true });
    await refused(engine.deleteStoredModels(ID), /is in use/);
    await engine.load('third', smallRun(), 'float32');
    await engine.deleteStoredModels(ID);
    expect((await engine.storedModels()).map(({ place }) => place)).not.toContain(ID);
    await engine.setHubAccess({ token: 'hf_secret' });
    expect((await engine.describeModel('owner/private')).name).toBe('owner/private');
  });
});
