import type { Advice, Course } from './advice';
import { missingClasses, nothingHeldOut, poorTeacher } from './dataRules';
import { alphaStill, hardlyFalls, jumps, notANumber, rises } from './lossRules';
import { doesNotFit, fewImagesForAll, smallBatch } from './settingRules';

/** Signs of the same mistake, the plainest first: only one of them is told. */
const ofTheLoss = [notANumber, jumps, rises, hardlyFalls];

const others = [
  doesNotFit,
  poorTeacher,
  missingClasses,
  nothingHeldOut,
  smallBatch,
  fewImagesForAll,
  alphaStill,
];

/** The common mistakes that a run shows signs of, the gravest first; nothing for a healthy one. */
export function advise(course: Course): Advice[] {
  const loss = ofTheLoss.map((rule) => rule(course)).find((advice) => advice !== undefined);
  return [loss, ...others.map((rule) => rule(course))].filter((advice) => advice !== undefined);
}
