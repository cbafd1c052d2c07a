import { expect, it } from 'vitest';
import type { Evaluation } from '../../src/evaluate/results';
import type { EngineEvent } from '../../src/worker/api';
import { answers, attentionMaps, imageRow, searchResult } from './schemas';
import { dropped, droppedText, eachEngine, onDemo, onRun, refused, smallRun } from './subjects';

const evaluationsOf = (events: EngineEvent[]): Evaluation[] =>
  events.flatMap((event) => (event.type === 'evaluation' ? event.evaluation : []));
const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);
const picture = dropped('data', 'pets', (file) => file === '000.png')[0];

/** What an evaluation's parts say of one another. */
function checkWhole({ images, predictions, logits, features, embeddings }: Evaluation, hasEdu: boolean) {
  const { texts } = logits;
  expect(predictions).toHaveLength(images);
  for (const model of ['teacher', 'student'] as const) {
    expect(logits[model]).toHaveLength(images * texts.length);
    expect(features[`${model}Mean`]).toHaveLength(features.teacherMean.length);
    expect(features[`${model}Variance`]).toHaveLength(features.teacherMean.length);
    expect(embeddings[model]).toHaveLength(Math.min(images, 400) * embeddings.dimension);
  }
  expect(embeddings.texts).toHaveLength(texts.length * embeddings.dimension);
  for (const { truth, teacher, student, attention } of predictions) {
    expect(texts).toEqual(expect.arrayContaining(truth));
    for (const guesses of [teacher, student]) {
      const probabilities = guesses.map(({ probability }) => probability);
      expect(guesses).toHaveLength(Math.min(5, texts.length));
      expect(texts).toEqual(expect.arrayContaining(guesses.map(({ text }) => text)));
      expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
      expect(sum(probabilities)).toBeLessThan(1.001);
    }
    expect(attention).toHaveLength(hasEdu ? texts.length : 0);
    if (hasEdu) expect(sum(attention)).toBeCloseTo(1, 3);
  }
}

eachEngine((open) => {
  it('evaluates on the held-out images, before the first step as after the last', async () => {
    const { engine, events, data, until } = await onDemo(open);
    for (const eduAttention of [true, false]) {
      events.splice(0);
      await engine.load('first', smallRun({ loss: { eduAttention }, train: { steps: 2 } }), 'float32');
      await engine.play();
      await until((event) => event.type === 'state' && event.state === 'finished');
      for (const evaluation of evaluationsOf(events)) {
        checkWhole(evaluation, eduAttention);
        expect(evaluation).toMatchObject({ images: data.splits['test'], heldOut: true });
        expect(evaluation.logits.texts.map((text) => text.replace('an emoji of ', ''))).toEqual(data.classes);
      }
    }
  });

  it('answers which texts an image goes with: the data’s own, then typed ones, each once', async () => {
    const { engine, data } = await onRun(open);
    await engine.step();
    const own = data.classes.map((name) => `an emoji of ${name}`);
    const long = `a ${'very '.repeat(100)}long text`;
    const asked = answers.parse(
      await engine.ask({ image: 1, texts: [own[0], 'a red owl', long, long], withOwn: true }),
    );
    expect(asked).toMatchObject({
      step: 1,
      texts: [...own, 'a red owl', long],
      ownTexts: { asked: own.length, all: own.length },
      cut: [long],
    });
    const few = answers.parse(
      await engine.ask({
        image: { id: 'mine', ...picture },
        texts: ['a red owl', own[0], 'a red owl'],
        withOwn: false,
      }),
    );
    expect(few).toMatchObject({ texts: ['a red owl', own[0]], ownTexts: { asked: 0, all: own.length } });
    for (const { texts, teacher, student } of [asked, few])
      expect([teacher.length, student.length]).toEqual([texts.length, texts.length]);
  });

  it('answers which images a text goes with, and marks those that it is right for', async () => {
    const { engine, data } = await onRun(open);
    const own = searchResult.parse(await engine.search(`an emoji of ${data.classes[1]}`));
    const held = data.splits['test'];
    expect(own).toMatchObject({ step: 0, heldOut: true, all: held, isOwn: true, isCut: false });
    for (const list of [own.images, own.teacher, own.student]) expect(list).toHaveLength(held);
    expect(own.images.filter(({ isRight }) => isRight).length).toBe(data.classCounts[1].test);
    for (const { isRight, texts } of own.images) expect(texts).toEqual(isRight ? [data.classes[1]] : texts);
    expect(Math.max(...own.teacher, ...own.student)).toBeLessThan(1.001);
    const typed = searchResult.parse(await engine.search('a red owl in a hat'));
    expect(typed).toMatchObject({ isOwn: false, isCut: false });
    expect(typed.images.some(({ isRight }) => isRight)).toBe(false);
  });

  it('refuses questions that have no answer, and cuts off one for the next', async () => {
    const { engine } = await onRun(open);
    const ask = (image: number, texts: string[]) => engine.ask({ image, texts, withOwn: false });
    await refused(ask(0, []), /no text to choose from/);
    await refused(ask(9999, ['an owl']), /no image number 9999/);
    const broken = { id: 'broken', ...droppedText('broken.png', 'no picture')[0] };
    await refused(
      engine.ask({ image: broken, texts: ['an owl'], withOwn: false }),
      /^broken\.png can't be read: /,
    );
    const first = ask(0, ['a first text']);
    const second = ask(0, ['a second text']);
    await refused(first, /Another question was asked/);
    expect((await second)?.texts).toEqual(['a second text']);
  });

  it('shows the data’s images: their files, rows, augmentations, and where towers look', async () => {
    const { engine, data } = await onRun(open);
    expect((await engine.image(3)).size).toBeGreaterThan(0);
    await refused(engine.image(9999), /no image number 9999/);
    const { rows, total } = await engine.imageRows(2, 5, '');
    expect(total).toBe(data.images);
    expect(rows.map((row) => imageRow.parse(row).index)).toEqual([2, 3, 4]);
    for (const { texts } of rows) expect(data.classes).toEqual(expect.arrayContaining(texts));
    const [name] = data.classes;
    const found = await engine.imageRows(0, 500, name);
    expect(found.rows).toHaveLength(found.total);
    expect(found.total).toBeLessThan(data.images);
    for (const { texts, path } of found.rows) expect([...texts, path].join().toLowerCase()).toContain(name);
    const { size, pictures } = await engine.augmented(0, 3, 'crop-flip-jitter');
    expect(pictures.map(({ length }) => length)).toEqual(Array(3).fill(size ** 2 * 4));
    await refused(engine.augmented(9999, 1, 'none'), /no image number 9999/);
    const maps = attentionMaps.parse(await engine.attentionMaps(0));
    for (const { weights } of [maps.teacher, maps.student]) expect(sum(weights)).toBeLessThan(1.001);
    await refused(engine.attentionMaps(9999), /no image number 9999/);
  });
});
