import { useMemo } from 'react';
import { amount, count } from '../../../page/format';
import { useLabel } from '../../parts/labels';
import { useStore } from '../../parts/stores';
import { useSizes } from '../useSizes';
import { BarChart } from './BarChart';
import { DoorPage } from './DoorPage';
import styles from './doors.module.css';

const noTexts: string[] = [];

/** The texts that both models answer with, and how often each chooses which. */
export function TextsDoor() {
  const teacher = useStore((state) => state.teacher);
  const predictions = useStore((state) => state.evaluation?.predictions);
  const texts = useStore((state) => state.evaluation?.logits.texts ?? noTexts);
  const label = useLabel();
  const { n = 'N', d = 'd' } = useSizes();
  const choices = useMemo(() => {
    const places = new Map(texts.map((text, i) => [text, i]));
    const counts = { teacher: texts.map(() => 0), student: texts.map(() => 0) };
    for (const prediction of predictions ?? [])
      for (const model of ['teacher', 'student'] as const) {
        const place = places.get(prediction[model][0]?.text ?? '');
        if (place !== undefined) counts[model][place]++;
      }
    return counts;
  }, [predictions, texts]);
  return (
    <DoorPage
      says="The teacher reads each text once. The student has no text tower: it answers with these features, and takes them along when it is exported."
      formulas={[
        {
          tex: '\\W = \\operatorname{normalise}(\\fT(\\text{texts}))',
          spoken: 'W = normalise(f of the texts)',
        },
      ]}
      numbers={[`W \\in \\mathbb{R}^{${n} \\times ${d}}`]}
      facts={teacher && `${amount(teacher.parameters - teacher.imageParameters)} parameters in this tower.`}
    >
      <figure className={styles.grows}>
        <figcaption>how often each text is the first choice: the teacher’s up, the student’s down</figcaption>
        <BarChart
          label="First choices"
          up={{ of: 'teacher', name: 'teacher', values: choices.teacher }}
          down={{ of: 'student', name: 'student', values: choices.student }}
          names={texts.map(label)}
          write={count}
        />
      </figure>
    </DoorPage>
  );
}
