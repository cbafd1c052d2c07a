import { loss } from '../../../page/format';
import { useLabel } from '../../parts/labels';
import { useStore } from '../../parts/stores';
import { useAnswer } from '../useWatched';
import { DoorPage } from './DoorPage';
import { Matrices } from './Matrices';
import { firstOf, texNumber, texWords } from './tex';

/** Where a model's logits come from, and how alike it finds all images and texts. */
export function LogitsDoor({ of }: { of: 'qt' | 'qs' }) {
  const logits = useStore((state) => state.evaluation?.logits);
  const answer = useAnswer();
  const label = useLabel();
  const model = of === 'qt' ? 'teacher' : 'student';
  const own = answer?.logits[model];
  const best = answer ? answer[model].indexOf(Math.max(...answer[model])) : -1;
  const text = answer?.texts[best];
  const logit = own?.[best];
  const cosine = logit !== undefined && logits ? logit / logits.scale : undefined;
  const index = of === 'qt' ? 't' : 's';
  return (
    <DoorPage
      says={
        of === 'qt'
          ? 'The teacher’s answer: how well each text fits each image, as the cosine between their features, made sharp by s.'
          : 'The student’s answer: its features, after EduAttention, against the same texts with the same s.'
      }
      formulas={[
        {
          tex: of === 'qt' ? '\\qt = \\scale\\;\\ut\\,\\W^{\\top}' : '\\qs = \\scale\\;\\fe\\,\\W^{\\top}',
          spoken: of === 'qt' ? 'qₜ = s times uₜ W transposed' : 'qₛ = s times fₑ W transposed',
        },
      ]}
      values={{ scale: loss(logits?.scale), [of]: firstOf(own) }}
      numbers={[
        `q_{${index},\\,${texWords(text === undefined ? '–' : label(text))}} = ${texNumber(logits?.scale)} \\cdot ${texNumber(cosine)} = ${texNumber(logit)}`,
      ]}
    >
      <Matrices />
    </DoorPage>
  );
}
