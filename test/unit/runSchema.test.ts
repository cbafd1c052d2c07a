import { describe, expect, it } from 'vitest';
import { demoStudent } from '../../src/run/demo';
import { decodeRun, encodeRun } from '../../src/run/link';
import { parseRun, runFile } from '../../src/run/schema';

const wrong = (raw: unknown) => {
  try {
    parseRun(raw, 'RUN.json');
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return 'was accepted';
};

describe('run file', () => {
  it('has a default for everything but the steps', () => {
    const run = parseRun({}, 'RUN.json');
    expect(run).toMatchObject({
      teacher: 'demo',
      data: 'demo',
      student: demoStudent,
      method: 'comkd',
      loss: { ifAlign: true, eduAttention: true, refine: true, alignWeight: 1, kdWeight: 1, temperature: 1 },
      train: {
        parameters: 'full',
        optimizer: 'adamw',
        schedule: 'cosine',
        shuffle: true,
        augment: 'crop-flip',
      },
    });
    expect(run.train.steps).toBeUndefined();
  });

  it('trains prompts of a loaded student and all of a random one', () => {
    expect(parseRun({ student: 'folder' }, 'RUN.json').train.parameters).toBe('prompts');
    expect(parseRun({ student: { config: {} } }, 'RUN.json').train.parameters).toBe('full');
  });

  it('names an unknown key and what is allowed', () => {
    expect(wrong({ loss: { temprature: 2 } })).toMatch(
      /^InputError: RUN\.json: loss\.temprature .*allowed.*ifAlign.*temperature/,
    );
  });

  it('names a wrong value and what is allowed', () => {
    expect(wrong({ train: { batchSize: 'big' } })).toMatch(/train\.batchSize: .*number/);
    expect(wrong({ train: { optimizer: 'adam' } })).toMatch(/train\.optimizer: .*"adamw"\|"sgd"/);
    expect(wrong({ train: { maxGradientNorm: 0 } })).toMatch(/train\.maxGradientNorm: .*>0/);
    expect(wrong({ train: { augment: 'flip' } })).toMatch(
      /augment: .*"none"\|"crop-flip"\|"crop-flip-jitter"/,
    );
    expect(wrong({ loss: { reduction: 'max' } })).toMatch(/loss\.reduction: .*"mean"\|"sum"/);
    expect(wrong([])).toMatch(/RUN\.json: .*object/);
  });

  it('has no teacher, heads, prompts and loss where a CLIP trains alone', () => {
    // The demo's whole CLIP, where nothing else is named, not its student.
    expect(parseRun({ method: 'contrastive' }, 'RUN.json').student).toBe('demo');
    const run = parseRun({ method: 'contrastive', student: 'clip' }, 'RUN.json');
    expect(run.train.parameters).toBe('full');
    expect(Object.keys(runFile(run))).toEqual(['student', 'data', 'method', 'train']);
    expect(parseRun(runFile(run), 'RUN.json')).toEqual(run);
    expect(decodeRun(encodeRun(run))).toEqual(run);
    for (const key of ['teacher', 'heads', 'prompts', 'loss'])
      expect(wrong({ method: 'contrastive', student: 'clip', [key]: key === 'loss' ? {} : 'x' })).toMatch(
        `${key} is given, and "contrastive" trains a CLIP of its own`,
      );
    expect(wrong({ method: 'contrastive', train: { parameters: 'heads' } })).toMatch(/must be "full"/);
    expect(wrong({ method: 'contrastive', student: { from: 'teacher', layers: 2 } })).toMatch(
      /has none; give/,
    );
  });

  it('names the methods that there are', () => {
    expect(wrong({ method: 'magic' })).toMatch(
      /method: .*"comkd"\|"promptkd"\|"clipkd"\|"cliprd"\|"tinyclip"\|"none"\|"contrastive"/,
    );
  });

  it('takes what a person says about data', () => {
    const dataOptions = {
      promptTemplate: 'a drawing of {}',
      classNames: { ox: 'cow', __proto__x: 'y' },
      classes: ['a', 'b'],
      columns: { image: 'file', text: 'words', kind: 'captions' },
      testShare: 0.2,
      shots: 4,
      labelsPerClass: 2,
      moveNearDuplicates: true,
      seed: 7,
    };
    expect(parseRun({ dataOptions }, 'RUN.json').dataOptions).toEqual(dataOptions);
    expect(parseRun({}, 'RUN.json').dataOptions).toBeUndefined();
    const run = parseRun({ dataOptions }, 'RUN.json');
    expect(decodeRun(encodeRun(run))).toEqual(run);
  });

  it.each([
    [{ promptTemplate: 'a photo' }, /dataOptions\.promptTemplate: expected a text with \{\} where the class/],
    [{ classNames: { ox: '' } }, /dataOptions\.classNames\.ox: expected a name/],
    [{ classes: [] }, /dataOptions\.classes: .*>=1/],
    [{ columns: { image: 'a', text: 'b' } }, /dataOptions\.columns\.kind: .*"captions"\|"classes"/],
    [
      { columns: { image: 'a', text: 'b', kind: 'classes', id: 'c' } },
      /columns\.id is not .*image, text, kind, split/,
    ],
    [{ testShare: 1 }, /dataOptions\.testShare: at most 0\.9 is allowed/],
    [{ shots: 0 }, /dataOptions\.shots: .*>0/],
    [{ labelsPerClass: -1 }, /dataOptions\.labelsPerClass: .*>=0/],
    [{ moveNearDuplicates: 'yes' }, /dataOptions\.moveNearDuplicates: .*boolean/],
    [{ seed: 1.5 }, /dataOptions\.seed: .*int/],
    [
      { share: 0.1 },
      /dataOptions\.share is not a known key; allowed here: promptTemplate, .*testShare.*seed/,
    ],
  ])('names what is wrong with dataOptions %j', (dataOptions, message) => {
    expect(wrong({ dataOptions })).toMatch(message);
  });

  it.each([
    [
      { teacher: 'x'.repeat(1e6) },
      /^InputError: RUN\.json: teacher: a text of at most 4,096 letters is allowed\.$/,
    ],
    [
      { student: { config: { x: 'x'.repeat(1e6) } } },
      /student\.config: expected the contents of a config\.json/,
    ],
    [{ student: { from: 'teacher', layers: 1e9 } }, /student\.layers: at most 256/],
    [{ dataOptions: { promptTemplate: `{}${'x'.repeat(1e6)}` } }, /promptTemplate: a text of at most 1,000/],
    [
      { dataOptions: { classes: Array.from({ length: 200_000 }, String) } },
      /classes: at most 100,000 entries/,
    ],
    [{ train: { batchSize: 1e9 } }, /train\.batchSize: at most 65,536/],
    [{ train: { steps: 1e12 } }, /train\.steps: at most 1,000,000,000/],
    [{ loss: { maxTexts: 1e9 } }, /loss\.maxTexts: at most 65,536/],
    [{ ['x'.repeat(1e6)]: 1 }, /^InputError: RUN\.json: x{100} is not a known key/],
  ])('bounds texts and sizes, %#', (raw, message) => {
    expect(wrong(raw)).toMatch(message);
  });

  it('refuses what contradicts itself', () => {
    expect(wrong({ train: { steps: 5, epochs: 2 } })).toMatch(/train\.steps and train\.epochs/);
    expect(wrong({ loss: { ifAlign: false, refine: false } })).toMatch(/nothing to learn from/);
    expect(wrong({ student: 'x', prompts: 'p', train: { parameters: 'full' } })).toMatch(/must be "prompts"/);
    expect(wrong({ method: 'none', loss: { ifAlign: false, refine: false } })).toBe('was accepted');
  });
});
