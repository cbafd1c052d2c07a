import * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from '../../clip/checkpoint';
import { type TextTower, uploadTextTower } from '../../clip/textTower';
import { fillTemplate } from '../../data/promptTemplate';
import { createTeacher, disposeTeacher, type Teacher, type TextOptions, tokenise } from '../teacher';
import { wordsTemplate } from './prompts';
import { templateFeatures } from './templates';

/** A teacher on the device with both its towers, as the steps of its prompts need it. Nothing of it changes. */
export interface FrozenTeacher {
  /** Without prompts. */
  teacher: Teacher;
  tower: TextTower;
  /** The class texts' tokens, [classes, context]. */
  ids: Int32Array;
  /** g₀, what the text tower makes of the classes without prompts, [classes, d], L2-normalised. */
  g_0: tf.Tensor2D;
}

interface ClassTexts {
  /** The data's own, for the teacher as it is. */
  texts: string[];
  /** Those to adapt to. */
  classes: string[];
  /** What stands before a class name. */
  words: string;
  /** What g₀ is averaged over. */
  templates: string[];
}

/** Puts a teacher on the device and has it read the classes' names in all templates. */
export async function createFrozenTeacher(
  checkpoint: Checkpoint,
  { texts, classes, words, templates }: ClassTexts,
  options: TextOptions,
): Promise<FrozenTeacher> {
  const own = classes.map((name) => fillTemplate(wordsTemplate(words), name));
  const ids = await tokenise(checkpoint, own, options);
  const made: tf.TensorContainer[] = [];
  try {
    const g_0 = await templateFeatures(checkpoint, classes, templates, options);
    made.push(g_0);
    const tower = await uploadTextTower(checkpoint.tensors, ids, options);
    made.push(tower.weights);
    return { ids, g_0, tower, teacher: await createTeacher(checkpoint, texts, options) };
  } catch (error) {
    tf.dispose(made);
    throw error;
  }
}

export function disposeFrozenTeacher({ teacher, tower, g_0 }: FrozenTeacher): void {
  disposeTeacher(teacher);
  tf.dispose([tower.weights, g_0]);
}
