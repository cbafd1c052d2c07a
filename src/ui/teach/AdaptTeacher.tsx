import { loss } from '../../page/format';
import { adapting } from '../../page/teach/adapt';
import { StopSlider } from '../parts/StopSlider';
import { hookOf } from '../parts/stores';
import { isWhole, LossOf, TowersOf } from './Parts';
import { Stage } from './Stage';

const useAdapting = hookOf(adapting.store);

const rates = [1e-4, 2e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2e-2, 5e-2];
const batches = [1, 2, 4, 8, 16, 32];
const lengths = [1, 2, 5, 10, 20, 50, 100];

const words = {
  title: 'Stage I: adapt the teacher',
  start: 'Adapt it',
  what: 'PromptSRC learns prompts in both towers from the labels that are here, while the teacher’s own weights stay as they are.',
};

/** PromptSRC as a figure: prompts in both frozen towers learn, and are held near what these give without. */
export function AdaptTeacher() {
  const state = useAdapting();
  const { metrics, totals } = state;
  const term = (name: string) => loss(metrics?.[name]);
  return (
    <Stage of={adapting} state={state} words={words} settings={<Settings {...state.settings} />}>
      <TowersOf image="frozen, its prompts learn" text="frozen, its prompts learn" />
      <LossOf
        title="PromptSRC’s loss"
        formula="CE + 10 · |f − f₀| + 25 · |g − g₀| + KL"
        terms={`CE ${term('crossEntropy')}, images ${term('image')}, texts ${term('text')}, KL ${term('kl')}`}
        totals={totals}
      />
    </Stage>
  );
}

function Settings({
  learningRate,
  batchSize,
  epochs,
}: ReturnType<typeof adapting.store.getState>['settings']) {
  return (
    <>
      <StopSlider
        label="Prompts’ learning rate"
        value={learningRate}
        stops={rates}
        isValid={(rate) => rate > 0 && rate < 1}
        onChange={(rate) => adapting.change({ learningRate: rate })}
      />
      <StopSlider
        label="Prompts’ batch size"
        value={batchSize}
        stops={batches}
        isValid={isWhole(1)}
        onChange={(size) => adapting.change({ batchSize: size })}
      />
      <StopSlider
        label="Length in epochs"
        value={epochs}
        stops={lengths}
        isValid={isWhole(1)}
        onChange={(length) => adapting.change({ epochs: length })}
      />
    </>
  );
}
