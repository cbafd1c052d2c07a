import { percentage, plural } from '../format';
import type { Rule } from './advice';

/** A share measured on fewer images says nothing yet. */
const LEAST_IMAGES = 20;
/** Below that a teacher is wrong so often that its answers are hardly worth learning. */
const POOR = 0.4;

export const poorTeacher: Rule = ({ run, data, evaluations }) => {
  const last = evaluations.at(-1);
  const accuracy = last?.teacher.top1;
  if (!data || !last || accuracy === undefined || run.method === 'none') return undefined;
  if (last.images < LEAST_IMAGES) return undefined;
  const chance = 1 / data.texts;
  // Three times chance, and beyond what luck gives with so many images (two standard errors).
  const isChance = accuracy <= 3 * chance + 2 * Math.sqrt((chance * (1 - chance)) / last.images);
  // Among captions, many of which may fit, a lower share is normal.
  const isPoor = data.classes.length > 0 && accuracy < POOR;
  if (!isChance && !isPoor) return undefined;
  return {
    id: 'poor-teacher',
    title: 'The teacher hardly knows this data',
    seen: `It names ${percentage(accuracy)} of ${plural(last.images, 'image')} rightly; guessing among ${plural(data.texts, 'text')} gives ${percentage(chance)}.`,
    why: 'The student learns the teacher’s answers, wrong ones too. Make a teacher of it from what is written of the images here, check the class names and the prompt template under Data, “Look closer”, try another one under Models, or leave it out.',
    ...(data.training.labelled > 0 && {
      stage: {
        words:
          data.classes.length > 0 ? 'Make a teacher from the labels' : 'Make a teacher from the captions',
        name: 'make' as const,
      },
    }),
    mend: { words: 'Train on the labels alone', change: { method: 'none' } },
  };
};

/** How many are named. */
const NAMED = 3;

export const missingClasses: Rule = ({ run, data }) => {
  if (!data) return undefined;
  const missing = data.classes.filter((_, i) => data.classCounts[i]?.train === 0);
  if (missing.length === 0 || missing.length === data.classes.length) return undefined;
  const names = missing.slice(0, NAMED).join(', ') + (missing.length > NAMED ? ', …' : '');
  const share = run.dataOptions?.testShare ?? 0;
  const hasGone = data.classCounts.some(({ train, test }) => train === 0 && test > 0);
  return {
    id: 'missing-classes',
    title:
      missing.length === 1
        ? 'A class has no training images'
        : `${missing.length} classes have no training images`,
    seen: `Nothing to train on shows ${names}.`,
    why: 'The student only meets these names as wrong answers, so that it learns never to say them.',
    ...(hasGone &&
      !data.hasOwnTest &&
      share > 0.1 && {
        mend: { words: 'Keep only a tenth for testing', change: { dataOptions: { testShare: 0.1 } } },
      }),
  };
};

const TEST_SHARE = 0.2;

export const nothingHeldOut: Rule = ({ data, evaluations }) => {
  const last = evaluations.at(-1);
  if (!data || !last || last.heldOut) return undefined;
  const { top1: student = 0 } = last.student;
  const { top1: teacher = 1 } = last.teacher;
  return {
    id: 'nothing-held-out',
    title: student > teacher ? 'Better than the teacher, on known images' : 'Nothing is held out for testing',
    seen:
      student > teacher
        ? `The student names ${percentage(student)} rightly and the teacher ${percentage(teacher)}, but on images that the student has trained on.`
        : 'Accuracy is measured on the images that the student trains on.',
    why: 'Images can be learnt by heart. Only images that it has never seen tell whether it has learnt what they show.',
    ...(!data.hasOwnTest && {
      mend: {
        words: `Keep ${100 * TEST_SHARE} % for testing`,
        change: { dataOptions: { testShare: TEST_SHARE } },
      },
    }),
  };
};
