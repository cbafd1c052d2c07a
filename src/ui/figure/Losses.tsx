import { methods } from '../../distill/methods/methods';
import { loss, percentage } from '../../page/format';
import { logitsFormula, termFormula, totalFormula } from '../../page/formulas';
import { shapeOf } from '../../page/sizes';
import type { State } from '../../page/state';
import { changeLoss, shownRun } from '../../page/store';
import { LiveNumber } from '../parts/LiveNumber';
import { useLabel } from '../parts/labels';
import { Spark } from '../parts/Spark';
import { useStore } from '../parts/stores';
import { Bars } from './Bars';
import { Box } from './Box';
import styles from './figure.module.css';
import type { FigureProps } from './Towers';
import { useSizes } from './useSizes';
import { useAnswer, useWatched } from './useWatched';

const [mean, variance, kl, alpha] = ['mean', 'variance', 'kl', 'alpha'].map(termFormula);
const alignFormula = (state: State): string => `${mean(state)}; ${variance(state)}`;
const [teacherLogits, studentLogits] = [logitsFormula('teacher'), logitsFormula('student')];

/** The parts of the method with their switches and live values, and what both models say of the watched image. */
export function Losses({ layout }: FigureProps) {
  const parts = useStore((state) => state.run.loss);
  const { method, loss: inRun } = useStore(shownRun);
  const { boxes, switches = {}, title } = methods[method];
  const watched = useWatched();
  const sizes = useSizes();
  return (
    <>
      {boxes.includes('ifalign') && (
        <Box
          name="ifalign"
          formula={alignFormula}
          hint="The student’s features are spread like the teacher’s"
          owner="ifalign"
          rect={layout.ifalign}
          title="IFAlign"
          part={{
            label: 'IFAlign',
            isOn: parts.ifAlign,
            inRun: inRun.ifAlign,
            onChange: (ifAlign) => changeLoss({ ifAlign }),
          }}
        >
          <p className={styles.values}>
            <span>
              Δμ <LiveNumber label="mean" read={({ metrics }) => loss(metrics?.mean)} />
            </span>
            <span>
              Δσ² <LiveNumber label="variance" read={({ metrics }) => loss(metrics?.variance)} />
            </span>
          </p>
          <Spark column="mean" height={15} />
        </Box>
      )}
      {boxes.includes('edu') && (
        <Box
          name="edu"
          formula={alpha}
          hint="The student’s features look at the texts"
          owner="edu"
          rect={layout.edu}
          title="EduAttention"
          part={{
            label: 'EduAttention',
            isOn: parts.eduAttention,
            inRun: inRun.eduAttention,
            onChange: (eduAttention) => changeLoss({ eduAttention }),
          }}
        >
          <p className={styles.values}>
            <span className={styles.large}>
              α = <LiveNumber label="alpha" read={({ metrics }) => loss(metrics?.alpha)} />
            </span>
            <Spark column="alpha" height={15} />
          </p>
          <Bars values={watched?.attention ?? []} height={24} hasLevel />
        </Box>
      )}
      {boxes.includes('refinement') && (
        <Box
          name="refinement"
          formula={kl}
          hint="The student answers like the teacher"
          owner="kl"
          rect={layout.refinement}
          title="Refinement"
          part={
            switches.refine
              ? {
                  label: 'Refinement',
                  isOn: parts.refine,
                  inRun: inRun.refine,
                  onChange: (refine) => changeLoss({ refine }),
                }
              : undefined
          }
        >
          <p className={styles.values}>
            <span>
              KL <LiveNumber label="KL" read={({ metrics }) => loss(metrics?.kl)} />
            </span>
            <Spark column="kl" height={15} />
          </p>
        </Box>
      )}
      {boxes.includes('loss') && (
        <Box name="loss" formula={totalFormula} hint={title} owner="kl" rect={layout.refinement} title="Loss">
          <Terms />
        </Box>
      )}
      <Box
        name="qt"
        formula={teacherLogits}
        hint="The teacher’s answer for the chosen image"
        owner="teacher"
        rect={layout.qt}
        title={<Logits letter="t" />}
        spoken="Teacher’s qt logits"
        note={shapeOf('bn', sizes)}
      >
        <Answer model="teacher" />
      </Box>
      <Box
        name="qs"
        formula={studentLogits}
        hint="The student’s answer for the chosen image"
        owner="student"
        rect={layout.qs}
        title={<Logits letter="s" />}
        spoken="Student’s qs logits"
        note={shapeOf('bn', sizes)}
      >
        <Answer model="student" />
      </Box>
    </>
  );
}

/** The terms of a method that has no boxes of its own for them; of many, which the box has no room for, their sum. */
function Terms() {
  const { terms } = methods[useStore(shownRun).method];
  const named = Object.entries(terms);
  if (named.length > 2)
    return (
      <p className={styles.values}>
        <span>
          total <LiveNumber label="total" read={({ metrics }) => loss(metrics?.total)} />
        </span>
        <Spark column="total" height={15} />
      </p>
    );
  return (
    <p className={styles.values}>
      {named.map(([term, { name }]) => (
        <span key={term}>
          {name} <LiveNumber label={name} read={({ metrics }) => loss(metrics?.[term])} />
        </span>
      ))}
    </p>
  );
}

function Logits({ letter }: { letter: string }) {
  return (
    <>
      q<sub>{letter}</sub> <span className={styles.over}>logits</span>
    </>
  );
}

/** A model's likeliest text for the followed image and, over all texts, its probabilities. */
function Answer({ model }: { model: 'teacher' | 'student' }) {
  const label = useLabel();
  const best = useWatched()?.[model][0];
  const answer = useAnswer();
  return (
    <>
      <p className={styles.answer}>
        <span>{best ? label(best.text) : ' '}</span>
        <b>{best && percentage(best.probability)}</b>
      </p>
      <Bars values={answer?.[model] ?? []} height={16} />
    </>
  );
}
