import { expect, it, vi } from 'vitest';
import { hindrance } from '../../src/page/lessons/hindrance';
import { parseLesson, translated } from '../../src/page/lessons/lesson';
import { store } from '../../src/page/store';
import { placeCard } from '../../src/ui/lessons/placeCard';

const markdown = import.meta.glob<string>('../../src/ui/lessons/*/*.md', {
  eager: true,
  query: '?raw',
  import: 'default',
});
const originals = Object.keys(markdown).filter((path) => path.includes('/en/'));

it('has eight lessons, short ones, each with something to do or to look at in every step', () => {
  expect(originals).toHaveLength(8);
  for (const path of originals) {
    const { title, summary, steps } = parseLesson(markdown[path]);
    expect(
      [title, summary].every((text) => text.length > 5 && text.length < 90),
      path,
    ).toBe(true);
    expect(steps.length, path).toBeGreaterThan(3);
    for (const step of steps) {
      expect(step.action.point, `${path}, ${step.title}`).toBeDefined();
      expect(step.html.replace(/<[^>]*>/g, '').length, `${path}, ${step.title}`).toBeLessThan(520);
      // Who is told that other settings are needed finds a button that makes them.
      const { wait = {}, set } = step.action;
      for (const part of ['loss', 'train'] as const)
        if (wait[part]) {
          expect(set?.[part], `${path}, ${step.title}`).toMatchObject(wait[part]);
          expect(set?.restart, `${path}, ${step.title}`).toBe(true);
        }
    }
  }
});

it.each(originals)('has all of %s in German, step by step', (path) => {
  const [original, texts] = [path, path.replace('/en/', '/de/')].map((one) => parseLesson(markdown[one]));
  expect(texts.steps).toHaveLength(original.steps.length);
  for (const [i, { title, html }] of texts.steps.entries()) {
    expect(html, title).not.toBe('');
    expect(html, title).not.toBe(original.steps[i].html);
  }
  const { steps } = translated(original, texts);
  expect(steps.map(({ action }) => action)).toEqual(original.steps.map(({ action }) => action));
});

it('reads what a step does, and refuses what no step can do', () => {
  const lesson = (json: string) => `# A\n\nB.\n\n## C\n\n\`\`\`step\n${json}\n\`\`\`\n\nD *e*.\n`;
  expect(parseLesson(lesson('{"point": "play", "wait": {"step": 3}}'))).toEqual({
    title: 'A',
    summary: 'B.',
    steps: [{ title: 'C', html: '<p>D <em>e</em>.</p>\n', action: { point: 'play', wait: { step: 3 } } }],
  });
  expect(() => parseLesson(lesson('{"point": "nowhere"}'))).toThrow('point');
  expect(() => parseLesson(lesson('{"set": {"loss": {"ifalign": true}}}'))).toThrow('ifalign');
});

it('says what stands in the way of what a step waits for', () => {
  const { loadedRun, ...first } = store.getState();
  const playing = { ...first, run: loadedRun, loadedRun, phase: 'running' as const };
  const other = { ...loadedRun, loss: { ...loadedRun.loss, refine: false } };
  const half = { loss: { refine: true }, accuracy: 0.5 };
  const withTeacher = (top1?: number) => ({
    ...playing,
    evaluations: [
      { step: 0, images: 40, heldOut: true, teacher: { top1 }, student: { top1: 0.1 }, agreement: 0.1 },
    ],
  });
  expect(hindrance(half, playing)).toBeUndefined();
  expect(hindrance(half, withTeacher(0.9))).toBeUndefined();
  expect(hindrance(half, withTeacher(0.3))).toBe('teacher');
  expect(hindrance(half, withTeacher())).toBe('unlabelled');
  expect(hindrance(half, { ...playing, run: other, loadedRun: other })).toBe('settings');
  expect(hindrance(half, { ...playing, loadedRun: other })).toBe('restart');
  expect(hindrance(half, { ...playing, phase: 'finished' })).toBe('ended');
  expect(hindrance({ step: 100 }, { ...playing, phase: 'paused' })).toBe('paused');
  expect(hindrance({ step: 1e6 }, playing)).toBe('ended');
  expect(hindrance({ opened: 'edu' }, playing)).toBe('opened');
  expect(hindrance({ isDemo: false }, playing)).toBe('dropped');
});

it('puts the card beside what it points at, and over the figure only where nothing else is free', () => {
  const card = { width: 360, height: 240 };
  const view = { width: 1440, height: 900 };
  const figure = { left: 280, top: 64, width: 808, height: 468 };
  const menu = { left: 28, top: 800, width: 220, height: 22 };
  expect(placeCard(card, menu, figure, view, 52)).toEqual({ left: 264, top: 644 });
  const box = { left: 560, top: 180, width: 150, height: 68 };
  expect(placeCard(card, box, figure, view, 52)).toEqual({ left: 1064, top: 644 });
  const onPhone = { left: 20, top: 70, width: 300, height: 68 };
  const phone = { width: 390, height: 500 };
  expect(placeCard(card, onPhone, undefined, phone, 52)).toEqual({ left: 16, top: 154 });
});

it('takes the language that was chosen, else the first of the browser’s that there is', async () => {
  vi.stubGlobal('navigator', { languages: ['fr-CH', 'de-CH', 'en'] });
  const { languageCode } = await import('../../src/ui/lessons/texts');
  expect(languageCode(undefined)).toBe('de');
  expect(languageCode('en')).toBe('en');
  expect(languageCode('xx')).toBe('de');
});
