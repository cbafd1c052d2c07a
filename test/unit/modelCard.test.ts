import { describe, expect, it } from 'vitest';
import { type CardFacts, modelCard } from '../../src/run/modelCard';
import { parseRun } from '../../src/run/schema';

const at = (step: number, top1?: number) => ({
  step,
  images: 40,
  heldOut: true,
  teacher: { top1: 0.9, top5: 1 },
  student: { top1, top5: top1 },
  agreement: 0.5,
});

function card(run: object, changes: Partial<CardFacts> = {}): string {
  return modelCard({
    run: parseRun(run, 'run.json'),
    evaluations: [at(0, 0.05), at(500, 0.84)],
    facts: [['Teacher', 'big | bigger']],
    precisions: [
      { precision: 'int8', bytes: 300_000, top1: 0.836, agreement: 0.9, images: 40, heldOut: true },
    ],
    family: 'CLIP',
    areClasses: true,
    someTexts: ['a “cat”'],
    hasTextFeatures: true,
    credits: ['Noto Emoji by Google, Apache-2.0'],
    ...changes,
  });
}

describe('a model card', () => {
  it('tells models, results, settings and licences', () => {
    const text = card({ train: { learningRate: 0.0015 } });
    expect(text).toMatch(/^---\ntags: \[clip, knowledge-distillation\]/);
    expect(text).toContain('| Teacher | big \\| bigger |');
    expect(text).toContain('| 500 | 84.0 % | 84.0 % | 90.0 % | 50.0 % |');
    expect(text).toContain('| int8 | 0.3 MB | 83.6 % | 90.0 % |');
    expect(text).toContain('| learningRate | 0.0015 |');
    expect(text).toContain('- Noto Emoji by Google, Apache-2.0');
  });

  it('says how to run what is there, and nothing else', () => {
    expect(card({})).toContain('InferenceSession("classifier.onnx")');
    const full = { train: { parameters: 'full' } };
    expect(card(full)).toContain('pixel_values"]).image_embeds');
    expect(card(full, { family: 'SigLIP' })).toContain(
      'tower = SiglipVisionModel.from_pretrained("student")',
    );
    expect(card({}, { areClasses: false })).not.toContain('classifier');
    expect(card({})).toContain('h["edu.alpha"]');
    expect(card({ method: 'promptkd' })).not.toContain('edu.alpha');
    expect(card({}, { hasTextFeatures: false })).not.toContain('text_features');
    const prompts = card({ student: './student', train: { parameters: 'prompts' } }, { areClasses: false });
    expect(prompts).toContain('deep visual prompts');
    expect(prompts).not.toContain('classifier');
  });

  it('has a dash where nothing is labelled', () => {
    expect(card({}, { evaluations: [at(3)] })).toContain('| 3 | – | – | 90.0 % | 50.0 % |');
  });
});
