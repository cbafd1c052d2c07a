import { describe, expect, it } from 'vitest';
import { draftOf, optionsOf, renamed } from '../../src/page/data/draft';
import { hubDataset } from '../../src/page/data/hubDataset';
import { typedNames } from '../../src/page/data/typedNames';
import { runSchema } from '../../src/run/schema';

describe('hubDataset', () => {
  it.each([
    ['nlphuji/flickr30k', 'nlphuji/flickr30k'],
    ['  owner/my.data-set_2 ', 'owner/my.data-set_2'],
    ['owner/name/config', 'owner/name/config'],
    ['owner/name@refs-1', 'owner/name@refs-1'],
    ['https://huggingface.co/datasets/owner/name', 'owner/name'],
    ['https://huggingface.co/datasets/owner/name/viewer/default/train?row=3', 'owner/name/default'],
    ['https://huggingface.co/datasets/owner/name/tree/v2', 'owner/name@v2'],
    ['hf://datasets/owner/name', 'owner/name'],
  ])('finds the id in %j', (text, id) => {
    expect(hubDataset(text)).toBe(id);
  });

  it.each([
    'name',
    'two words/and more',
    'https://example.org/datasets/owner/name',
    'a/b/c/d',
    '/owner/name',
    '',
  ])('finds none in %j', (text) => {
    expect(hubDataset(text)).toBeUndefined();
  });
});

describe('typedNames', () => {
  it('takes lines and commas of several scripts, each name once', () => {
    expect(typedNames(' sea otter, owl\n\nowl\r\n كلب، 猫，, ')).toEqual(['sea otter', 'owl', 'كلب', '猫']);
  });
});

describe('renamed', () => {
  it('keeps names by those that were read', () => {
    const once = renamed({}, { n01: 'otter' });
    expect(once).toEqual({ n01: 'otter' });
    expect(renamed(once, { otter: ' sea otter ' })['n01']).toBe('sea otter');
  });

  it('forgets a name that is what was read', () => {
    expect(renamed({ n01: 'otter' }, { otter: 'n01' })).not.toHaveProperty('n01');
  });

  it('renames all classes that became one', () => {
    const merged = renamed({}, { dog: 'animal', cat: 'animal' });
    expect(renamed(merged, { animal: 'pet' })).toMatchObject({ dog: 'pet', cat: 'pet' });
  });
});

describe('a draft of the review', () => {
  it('changes nothing before it is edited', () => {
    const run = { ...runSchema.parse({}), dataOptions: { testShare: 0.2, classNames: { a: 'b' } } };
    expect(optionsOf(draftOf(run))).toEqual(run.dataOptions);
  });

  it('leaves out names where none is other than it was read', () => {
    const draft = { ...draftOf(runSchema.parse({})), names: { a: 'a' } };
    expect(optionsOf(draft).classNames).toBeUndefined();
  });
});
