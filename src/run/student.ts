import type { Checkpoint } from '../clip/checkpoint';
import { cutLayers } from '../clip/cutLayers';
import { inheritFront } from '../clip/inherit';
import { randomCheckpoint } from '../clip/initialise';
import type { Run } from './schema';
import type { ModelFacts } from './settle';

/** A student that no checkpoint is loaded for. */
export type NewStudent = Exclude<Run['student'], string>;

/**
 * The student that a run makes itself: from random weights, or cut from its teacher.
 *
 * @throws InputError for sizes that make no tower, and for more layers or another width than the teacher's has
 */
export function newStudent(student: NewStudent, teacher: Checkpoint): Checkpoint {
  if ('config' in student) return randomCheckpoint(student.config, student.seed, 'student.config');
  const { layers, pick, width = teacher.config.vision.hiddenSize } = student;
  const cut = pick === 'front' ? inheritFront(teacher, layers, width) : cutLayers(teacher, layers);
  // What there is to know of the teacher is said of the teacher.
  return { ...cut, notices: [] };
}

/** What of its models decides whether a run can be. */
export function modelFacts({ config: { vision } }: Checkpoint): ModelFacts {
  const { numHiddenLayers: layers, hiddenSize: width, numAttentionHeads: heads } = vision;
  return { teacher: { layers, width, heads } };
}
