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

const always = ['student/model.safetensors', 'heads.safetensors', 'onnx/vision_model.onnx'];
const ofFewTexts = ['text_features.safetensors', 'student.py', 'convert.py', 'onnx/model.onnx', 'index.html'];
const ofClasses = ['classifier/onnx/model.onnx', 'classifier.onnx'];

function card(run: object, changes: Partial<CardFacts> = {}): string {
  return modelCard({
    run: parseRun(run, 'run.json'),
    evaluations: [at(0, 0.05), at(500, 0.84)],
    facts: [['Teacher', 'big | bigger']],
    precisions: [
      { precision: 'int8', bytes: 300_000, top1: 0.836, agreement: 0.9, images: 40, heldOut: true },
    ],
    areClasses: true,
    someTexts: ['a “cat”'],
    files: [...always, ...ofFewTexts, ...ofClasses],
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

  it.each([
    ['classes', true, [...always, ...ofFewTexts, ...ofClasses]],
    ['captions', false, [...always, ...ofFewTexts]],
    ['very many captions', false, always],
  ])('of %s names what is there and says how to run it, and nothing else', (_, areClasses, files) => {
    const text = card({}, { areClasses, files });
    const named = text.split(/^## /m).find((part) => part.startsWith('Files')) ?? '';
    const paths = [...named.matchAll(/^\| `([^`]+)` \|/gm)].map(([, path]) => path);
    for (const file of files)
      expect(
        paths.some((path) => file.startsWith(path)),
        file,
      ).toBe(true);
    for (const path of paths.filter((path) => path !== 'run.json'))
      expect(
        files.some((file) => file.startsWith(path)),
        path,
      ).toBe(true);
    expect(text.includes('InferenceSession("classifier.onnx")')).toBe(areClasses);
    expect(text.includes('pipeline("zero-shot-image-classification", "./"')).toBe(
      files.includes('onnx/model.onnx'),
    );
    expect(text.includes('from student import')).toBe(files.includes('student.py'));
  });

  it('has a dash where nothing is labelled', () => {
    expect(card({}, { evaluations: [at(3)] })).toContain('| 3 | – | – | 90.0 % | 50.0 % |');
  });
});
