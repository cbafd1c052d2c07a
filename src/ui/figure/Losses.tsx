import { loss, percent } from '../format';
import { useLabel } from '../labels';
import { Spark } from '../parts/Spark';
import { changeLoss, useStore } from '../store';
import { Bars } from './Bars';
import { Box } from './Box';
import type { FigureProps } from './Towers';
import { shapeOf, useSizes } from './useSizes';
import { useAnswer, useWatched } from './useWatched';

/** The parts of the method with their switches and live values, and what both models say of the watched image. */
export function Losses({ layout }: FigureProps) {
  const metrics = useStore((state) => state.metrics);
  const parts = useStore((state) => state.run.loss);
  const method = useStore((state) => state.run.method);
  const watched = useWatched();
  const sizes = useSizes();
  return (
    <>
      <Box
        name="ifalign"
        hint="L = mean |μₛ − μₜ| + mean |σ²ₛ − σ²ₜ|: the student’s features are spread like the teacher’s"
        owner="ifalign"
        rect={layout.ifalign}
        title="IFAlign"
        part={{
          label: 'IFAlign',
          isOn: parts.ifAlign,
          isUsed: method === 'comkd',
          onChange: (ifAlign) => changeLoss({ ifAlign }),
        }}
      >
        <p className="values">
          <span>
            μ <output aria-label="mean">{loss(metrics?.mean)}</output>
          </span>
          <span>
            σ² <output aria-label="variance">{loss(metrics?.variance)}</output>
          </span>
        </p>
        <Spark column="mean" height={15} />
      </Box>
      <Box
        name="edu"
        hint="fₑ = normalise(α · attention(uₛ, W) + uₛ): the student’s features look at the texts"
        owner="edu"
        rect={layout.edu}
        title="EduAttention"
        part={{
          label: 'EduAttention',
          isOn: parts.eduAttention,
          isUsed: method === 'comkd',
          onChange: (eduAttention) => changeLoss({ eduAttention }),
        }}
      >
        <p className="values">
          <span className="large">
            α = <output aria-label="alpha">{metrics ? metrics.alpha.toFixed(4) : '–'}</output>
          </span>
          <Spark column="alpha" height={15} />
        </p>
        <Bars values={watched?.attention ?? []} height={24} />
      </Box>
      <Box
        name="refinement"
        hint="L = τ² KL(softmax(qₜ/τ) ‖ softmax(qₛ/τ)): the student answers like the teacher"
        owner="kl"
        rect={layout.refinement}
        title="Refinement"
        part={{
          label: 'Refinement',
          isOn: parts.refine,
          isUsed: method !== 'none',
          onChange: (refine) => changeLoss({ refine }),
        }}
      >
        <p className="values">
          <span>
            KL <output aria-label="KL">{loss(metrics?.kl)}</output>
          </span>
          <Spark column="kl" height={15} />
        </p>
      </Box>
      <Box
        name="qt"
        hint="qₜ = s · uₜ Wᵀ: the teacher’s answer for the chosen image"
        owner="teacher"
        rect={layout.qt}
        title={<Logits letter="t" />}
        spoken="Teacher’s logits"
        note={shapeOf('bn', sizes)}
      >
        <Answer model="teacher" />
      </Box>
      <Box
        name="qs"
        hint="qₛ = s · fₑ Wᵀ: the student’s answer for the chosen image"
        owner="student"
        rect={layout.qs}
        title={<Logits letter="s" />}
        spoken="Student’s logits"
        note={shapeOf('bn', sizes)}
      >
        <Answer model="student" />
      </Box>
    </>
  );
}

function Logits({ letter }: { letter: string }) {
  return (
    <>
      q<sub>{letter}</sub> <span className="over">logits</span>
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
      <p className="answer">
        <span>{best ? label(best.text) : ' '}</span>
        <b>{best && `${percent(best.probability)} %`}</b>
      </p>
      <Bars values={answer?.[model] ?? []} height={16} />
    </>
  );
}
