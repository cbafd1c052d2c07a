import * as tf from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { expect, it } from 'vitest';
import { loadCheckpoint } from '../../src/clip/checkpoint';
import { normalise } from '../../src/clip/preprocess';
import { logits } from '../../src/distill/refinement';
import { startingTensors } from '../../src/distill/startingTensors';
import { createStudent, disposeStudent, studentInputFeatures, studentView } from '../../src/distill/student';
import { classifierModel } from '../../src/export/onnx/classifier';
import { blobFolder } from '../../src/files/blobs';
import { Random } from '../../src/files/random';
import type { HostTensor } from '../../src/files/tensors';
import { inMemory, readAll } from '../../src/files/tensors';
import { familyCases, familyFiles } from '../unit/families';
import { openFixtureRun } from './fixtureRun';
import { eachBackend, largestDifference } from './setup';

const BATCH = 3;
const CLASSES = ['crane', 'crate', 'cräpe “Suzette”', '鶴', 'crow'];

/** Texts' features as a teacher gives them, [classes, d]. */
function textFeatures(d: number): HostTensor {
  const random = new Random(3);
  const rows = CLASSES.flatMap(() => {
    const row = Array.from({ length: d }, () => random.normal());
    return row.map((x) => x / Math.hypot(...row));
  });
  return { shape: [CLASSES.length, d], data: Float32Array.from(rows) };
}

const siglip = () => loadCheckpoint(blobFolder('siglip', familyFiles(familyCases[0])), { text: false });

eachBackend(() => {
  it.each([
    ['prompts-sgd', true, 'CLIP'],
    ['full-adamw', true, 'CLIP'],
    ['heads-adamw', false, 'CLIP'],
    ['prompts-sgd', true, 'SigLIP'],
  ])(
    'the student of %s answers the same as an ONNX file (EduAttention: %s, %s)',
    async (name, attends, family) => {
      const run = await openFixtureRun(name);
      const inputs = family === 'CLIP' ? run : { student: await siglip() };
      const { teacher, train } = run;
      const checkpoint = inputs.student;
      const { preprocessor, config } = checkpoint;
      const d = teacher.config.projectionDim;
      const tensors = await readAll(startingTensors(inputs, d, train.parameters, 0));
      tensors['edu.alpha'] = { shape: [], data: Float32Array.of(0.7) };
      const W = textFeatures(d);
      const s = 20;
      const random = new Random(5);
      const size = preprocessor.size ** 2 * 3;
      const images = Uint8Array.from({ length: BATCH * size }, () => random.integer(256));
      const pixels = new Float32Array(images.length);
      for (let i = 0; i < BATCH; i++)
        normalise(images.subarray(i * size, (i + 1) * size), preprocessor, pixels, i * size);

      const student = await createStudent(config, inMemory(tensors), train.parameters, attends);
      const expected = tf.tidy(() => {
        const input = tf.tensor(pixels, [BATCH, 3, preprocessor.size, preprocessor.size]);
        const texts = tf.tensor2d(W.data, [CLASSES.length, d]);
        const { f_e } = studentView(student, studentInputFeatures(student, { pixels: [input] }), texts);
        return logits(f_e, texts, s).dataSync();
      });
      disposeStudent(student);

      const model = classifierModel({
        config,
        preprocessor,
        tensors,
        heads: tensors,
        eduAttention: attends,
        classes: CLASSES,
        W,
        s,
      });
      const session = await InferenceSession.create(model);
      const image = new Tensor('uint8', images, [BATCH, preprocessor.size, preprocessor.size, 3]);
      const { logits: found, probabilities } = await session.run({ image });
      await session.release();
      expect(found.dims).toEqual([BATCH, CLASSES.length]);
      expect(largestDifference(found.data as Float32Array, expected)).toBeLessThan(1e-4);
      const shares = probabilities.data as Float32Array;
      expect(shares.reduce((sum, p) => sum + p, 0)).toBeCloseTo(BATCH, 4);
      expect(new TextDecoder().decode(model)).toContain(JSON.stringify(CLASSES));
    },
  );
}, ['wasm']);
