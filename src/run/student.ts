import type { Checkpoint } from '../clip/checkpoint';
import { cutLayers } from '../clip/cutLayers';
import { randomCheckpoint } from '../clip/initialise';
import type { Run } from './schema';
import type { ModelFacts } from './settle';

/** A student that no checkpoint is loaded for. */
export type NewStudent = Exclude<Run['student'], string>;

/**
 * The student that a run makes itself: from random weights, or cut from its teacher.
 *
 * @throws InputError for sizes that make no tower, and for more layers than the teacher has
 */
export function newStudent(student: NewStudent, teacher: Checkpoint): Checkpoint {
  if ('config' in student) return randomCheckpoint(student.config, student.seed, 'student.config');
  // What there is to know of the teacher is said of the teacher.
  return { ...cutLayers(teacher, student.layers), notices: [] };
}

/** What of its models decides whether a run can be. */
export const modelFacts = (teacher: Checkpoint): ModelFacts => ({
  teacher: { layers: teacher.config.vision.numHiddenLayers },
});
