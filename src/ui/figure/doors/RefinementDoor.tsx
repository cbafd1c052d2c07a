import { useMemo } from 'react';
import { loss, percentage, setting } from '../../../page/format';
import { answerOf, divergence } from '../../../page/inspect/answers';
import { chosenStore } from '../../../page/inspect/chosen';
import { useLabel } from '../../parts/labels';
import { useStore } from '../../parts/stores';
import { useWatched } from '../useWatched';
import { BarChart } from './BarChart';
import charts from './charts.module.css';
import { DoorPage } from './DoorPage';
import doors from './doors.module.css';
import { firstOf, texNumber } from './tex';

const nothing = new Float64Array();

/** How far the student's answer is from the teacher's: text by text for the followed image, and image by image. */
export function RefinementDoor() {
  const metrics = useStore((state) => state.metrics);
  const { temperature, kdWeight } = useStore((state) => state.loadedRun.loss);
  const evaluation = useStore((state) => state.evaluation);
  const watched = useWatched();
  const label = useLabel();
  const answers = useMemo(() => {
    if (!evaluation) return [];
    return evaluation.predictions.map((_, row) => {
      const answer = answerOf(evaluation.logits, row, temperature);
      return { ...answer, kl: temperature ** 2 * divergence(answer.teacher, answer.student) };
    });
  }, [evaluation, temperature]);
  const divergences = useMemo(() => answers.map(({ kl }) => kl), [answers]);
  const predictions = evaluation?.predictions ?? [];
  const row = watched ? predictions.indexOf(watched) : -1;
  const own = answers[row];
  const tau = setting(temperature);
  const nameOf = (at: number) => predictions[at]?.truth.map(label).join(', ') || predictions[at]?.path;
  return (
    <DoorPage
      says="The student shall give each text the probability that the teacher gives it, not only find the right one: the small ones say what looks alike."
      formulas={[
        {
          tex: 'L_{\\text{KD}} = \\temp^2\\,\\mathrm{KL}\\big(\\operatorname{softmax}\\tfrac{\\qt}{\\temp}\\,\\big\\|\\,\\operatorname{softmax}\\tfrac{\\qs}{\\temp}\\big)',
          spoken: 'L KD = τ² times KL(softmax of qₜ over τ ‖ softmax of qₛ over τ)',
        },
      ]}
      values={{ temp: tau, qt: firstOf(own?.logits.teacher), qs: firstOf(own?.logits.student) }}
      numbers={[
        `L_{\\text{KD}} = ${tau}^2 \\cdot \\mathrm{KL} = ${texNumber(metrics?.kl)}`,
        `w_{\\text{KD}}\\,L_{\\text{KD}} = ${texNumber(metrics && kdWeight * metrics.kl)}`,
        `\\text{this image: } ${texNumber(own?.kl)}`,
      ]}
    >
      <figure className={doors.grows}>
        <figcaption>answers for “{nameOf(row)}”: the teacher’s up, the student’s down</figcaption>
        <BarChart
          label="Probabilities of the texts"
          up={{ of: 'teacher', name: 'teacher', values: own?.teacher ?? nothing }}
          down={{ of: 'student', name: 'student', values: own?.student ?? nothing }}
          names={(evaluation?.logits.texts ?? []).map(label)}
          write={(value) => percentage(value)}
          isShare
        />
      </figure>
      <figure className={charts.shortChart}>
        <figcaption>KL of each image; a click follows it</figcaption>
        <BarChart
          label="KL of each image; Enter follows the image"
          up={{ of: 'kl', name: 'KL', values: divergences }}
          names={predictions.map((_, at) => nameOf(at) ?? '')}
          write={loss}
          marked={row}
          onChoose={(at) => chosenStore.setState({ image: predictions[at]?.image })}
        />
      </figure>
    </DoorPage>
  );
}
