import { describe, expect, it } from 'vitest';
import { demoStudent } from '../../src/run/demo';
import { parseRun, trainOptions } from '../../src/run/schema';

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
    expect(wrong({ loss: { reduction: 'max' } })).toMatch(/loss\.reduction: .*"mean"\|"sum"/);
    expect(wrong([])).toMatch(/RUN\.json: .*object/);
  });

  it('says of planned methods that they are not there yet', () => {
    expect(wrong({ method: 'clipkd' })).toMatch(
      /method: "clipkd" is not there yet; "comkd", "promptkd" or "none"/,
    );
    expect(wrong({ method: 'magic' })).toMatch(/method: .*"comkd"\|"promptkd"\|"none"/);
  });

  it('refuses what contradicts itself', () => {
    expect(wrong({ train: { steps: 5, epochs: 2 } })).toMatch(/train\.steps and train\.epochs/);
    expect(wrong({ loss: { ifAlign: false, refine: false } })).toMatch(/nothing to learn from/);
    expect(wrong({ student: 'x', prompts: 'p', train: { parameters: 'full' } })).toMatch(/must be "prompts"/);
    expect(wrong({ method: 'none', loss: { ifAlign: false, refine: false } })).toBe('was accepted');
  });
});

describe('training options', () => {
  it('turns epochs into steps of whole batches', () => {
    const run = parseRun({ train: { epochs: 3, batchSize: 8 } }, 'RUN.json');
    expect(trainOptions(run, 50)).toMatchObject({ steps: 18, batchSize: 8, parameters: 'full' });
    expect(trainOptions(parseRun({ train: { steps: 7 } }, 'RUN.json'), 50).steps).toBe(7);
  });

  it('says which batch size would do', () => {
    expect(() => trainOptions(parseRun({}, 'RUN.json'), 20)).toThrow(/at most 20/);
  });

  it('gives a run that is accepted as a run file again', () => {
    const run = parseRun({ train: { epochs: 3 } }, 'RUN.json');
    const settled = { ...run, train: trainOptions(run, 64) };
    expect(parseRun(JSON.parse(JSON.stringify(settled)), 'RUN.json')).toEqual(settled);
  });
});
