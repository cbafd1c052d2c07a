import { expect, it } from 'vitest';
import { doubtsAboutCaptions } from '../../src/data/textDoubts';

const short = 'a calm sea at dusk';

it('counts captions that are too long for CLIP', async () => {
  const words = (count: number) => Array.from({ length: count }, () => 'sea').join(' ');
  // With the start and the end.
  expect(await doubtsAboutCaptions([short, words(75)])).toEqual([]);
  expect(await doubtsAboutCaptions([short, words(76), words(200)])).toEqual([
    '2 of 3 captions are longer than the 77 tokens that CLIP reads; their ends would be cut off.',
  ]);
});

it('of very many long ones looks at some', async () => {
  const [doubt] = await doubtsAboutCaptions(
    Array.from({ length: 5000 }, (_, i) => `${'wild sea '.repeat(60)}${i}`),
  );
  expect(doubt).toMatch(/^About 100 % of the captions are longer/);
});

it('names other scripts, but not for a few names', async () => {
  expect(await doubtsAboutCaptions([short, 'the harbour of 東京 at night, seen from a bridge'])).toEqual([]);
  expect(await doubtsAboutCaptions(['ein Hund', '海边的一只狗'])).toEqual([
    expect.stringMatching(/^46 % of the captions' letters are not Latin, most of them Han; /),
  ]);
});
