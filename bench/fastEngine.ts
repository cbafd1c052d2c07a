import type { Evaluation } from '../src/evaluate/results';
import type { EngineApi, EngineEvent } from '../src/worker/api';
import { createEngine as createFakeEngine } from '../test/e2e/fakeEngine';

/** Steps that a run already has when it begins to play. */
const STEPS_BEFORE = Number(new URLSearchParams(location.search).get('before'));
const STEPS_A_SECOND = 200;
const STEPS_AN_EVALUATION = 100;
const EVALUATIONS_BEFORE = 100;

/** The tests' engine of invented numbers, whose runs are long from the start and go on fast and without an end. */
export function createEngine(): EngineApi {
  const fake = createFakeEngine();
  let listener: (event: EngineEvent) => void = () => {};
  let evaluation: Evaluation | undefined;
  let run = '';
  let steps = 0;
  let timer: ReturnType<typeof setInterval> | undefined;

  const takeStep = () => {
    listener({ type: 'step', run, metrics: metricsAt(++steps) });
    const every = steps < STEPS_BEFORE ? STEPS_BEFORE / EVALUATIONS_BEFORE : STEPS_AN_EVALUATION;
    if (evaluation && steps % every === 0)
      listener({ type: 'evaluation', run, evaluation: { ...evaluation, step: steps } });
  };
  return {
    ...fake,
    start(backend, listen, rasterise) {
      listener = (event) => {
        if (event.type === 'evaluation') ({ run, evaluation } = event);
        listen(event);
      };
      return fake.start(backend, listener, rasterise);
    },
    async play() {
      listener({ type: 'state', run, state: 'running' });
      while (steps < STEPS_BEFORE) takeStep();
      clearInterval(timer);
      timer = setInterval(takeStep, 1000 / STEPS_A_SECOND);
    },
    async pause() {
      clearInterval(timer);
      listener({ type: 'state', run, state: 'paused' });
    },
    async reset(id) {
      clearInterval(timer);
      steps = 0;
      await fake.reset(id);
    },
  };
}

function metricsAt(step: number) {
  const [mean, variance, kl] = [0.014, 0.0026, 0.35].map(
    (end) => end * (1 + 9 * Math.exp(-step / 1500)) * (1 + 0.2 * (Math.random() - 0.5)),
  );
  return {
    step,
    mean,
    variance,
    kl,
    align: mean + variance,
    total: mean + variance + kl,
    alpha: 0.31 * (1 - Math.exp(-step / 4000)),
    learningRate: 1e-3,
    imagesPerSecond: 32 * STEPS_A_SECOND,
  };
}
