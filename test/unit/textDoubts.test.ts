import { describe, expect, it } from 'vitest';
import { CLIP_TEXT } from '../../src/clip/config';
import { STANDARD_VOCABULARY, standardTokenizer } from '../../src/clip/standardTokenizer';
import { doubtsAboutCaptions } from '../../src/data/textDoubts';

const short = 'a calm sea at dusk';
const words = (count: number) => Array.from({ length: count }, () => 'sea').join(' ');

/** A teacher that reads so many tokens. */
const teacher = async (maxPositionEmbeddings: number) => ({
  name: 'short reader',
  tokenizerFiles: await standardTokenizer(),
  cleansTexts: false,
  config: { text: { maxPositionEmbeddings, vocabSize: STANDARD_VOCABULARY, form: CLIP_TEXT } },
});

describe('captions too long', () => {
  it("are counted for CLIP's tokenizer, or the teacher's at hand", async () => {
    // With the start and the end.
    expect(await doubtsAboutCaptions([short, words(75)])).toEqual([]);
    expect(await doubtsAboutCaptions([short, words(76), words(200)])).toEqual([
      '2 of 3 captions are longer than the 77 tokens that CLIP reads; their ends would be cut off.',
    ]);
    const reader = await teacher(16);
    expect(await doubtsAboutCaptions([short, words(14)], reader)).toEqual([]);
    expect(await doubtsAboutCaptions([short, words(15)], reader)).toEqual([
      '1 of 2 captions are longer than the 16 tokens that short reader reads; their ends would be cut off.',
    ]);
    expect(await doubtsAboutCaptions([words(15)], { ...reader, config: {} })).toEqual([]);
  });

  it('are looked at in part where there are very many', async () => {
    const many = Array.from({ length: 5000 }, (_, i) => `${'wild sea '.repeat(60)}${i}`);
    expect(await doubtsAboutCaptions(many)).toEqual([
      'About 100 % of the captions are longer than the 77 tokens that CLIP reads; their ends would be cut off.',
    ]);
  });
});

describe('captions in other languages', () => {
  it.each([
    ['Zwei junge Männer schauen auf ihre Hände, während sie im Hof stehen', 'Latin'],
    ['Un chien noir joue dans la neige devant la maison de campagne', 'Latin'],
    ['海边的一只狗', 'Han'],
    ['Двое молодых людей смотрят на свои руки', 'Cyrillic'],
  ])('are named with how they are broken up: %s', async (caption, script) => {
    const [doubt, ...others] = await doubtsAboutCaptions([short, caption, words(10)]);
    expect(others).toEqual([]);
    const [, pieces] =
      /^1 of 3 captions are in words that CLIP's tokenizer breaks into (\d\.\d) pieces each; /.exec(doubt) ??
      [];
    expect(Number(pieces)).toBeGreaterThan(1.3);
    expect(doubt).toContain(`100 % of their letters are ${script}.`);
  });

  it.each([
    'Axial computed tomography scan shows bilateral pleural effusion of the lower lobes',
    'Puma Men Slick 3HD Yellow Black Watches',
    'the harbour of 東京 at night, seen from a bridge',
    'a cat on a mat',
    '1 2 3',
  ])('are none of those in English with rare words and names: %s', async (caption) => {
    expect(await doubtsAboutCaptions([caption])).toEqual([]);
  });

  it('are no matter where they are few', async () => {
    expect(await doubtsAboutCaptions([...Array.from({ length: 11 }, () => short), '海边的一只狗'])).toEqual(
      [],
    );
  });
});
