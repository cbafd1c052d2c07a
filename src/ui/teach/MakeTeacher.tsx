import { methods } from '../../distill/methods/methods';
import { loss } from '../../page/format';
import { making } from '../../page/teach/make';
import { StopSlider } from '../parts/StopSlider';
import { hookOf } from '../parts/stores';
import { isWhole, LossOf, TowersOf } from './Parts';
import { Stage } from './Stage';

const useMaking = hookOf(making.store);

const rates = [1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2];
const batches = [8, 16, 32, 64, 128];
const lengths = [20, 50, 120, 200, 500, 1000, 2000];

const words = {
  title: 'Make a teacher',
  start: 'Make it',
  what: 'The teacher in use is trained on the labels or captions that are here; it stays as it is until you take the new one.',
};

/** Contrastive training as a figure: both towers learn, and the loss draws an image and its text together. */
export function MakeTeacher() {
  const state = useMaking();
  const { metrics, totals } = state;
  const { imageToText, textToImage } = methods.contrastive.terms;
  const term = (name: string) => loss(metrics?.[name]);
  return (
    <Stage of={making} state={state} words={words} settings={<Settings {...state.settings} />}>
      <TowersOf image="learns" text="learns" />
      <LossOf
        title="Contrastive loss"
        formula={`½ (${imageToText.symbol} + ${textToImage.symbol})`}
        terms={`image → text ${term('imageToText')}, text → image ${term('textToImage')}, logit scale a = ${term('logitScale')}`}
        totals={totals}
      />
    </Stage>
  );
}

function Settings({ learningRate, batchSize, steps }: ReturnType<typeof making.store.getState>['settings']) {
  return (
    <>
      <StopSlider
        label="Teacher’s learning rate"
        value={learningRate}
        stops={rates}
        isValid={(rate) => rate > 0 && rate < 1}
        onChange={(rate) => making.change({ learningRate: rate })}
      />
      <StopSlider
        label="Teacher’s batch size"
        value={batchSize}
        stops={batches}
        isValid={isWhole(2)}
        onChange={(size) => making.change({ batchSize: size })}
      />
      <StopSlider
        label="Teacher’s length in steps"
        value={steps}
        stops={lengths}
        isValid={isWhole(1)}
        onChange={(length) => making.change({ steps: length })}
      />
    </>
  );
}
