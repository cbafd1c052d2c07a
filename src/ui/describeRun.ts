import type { Run } from '../run/schema';
import { setting } from './format';

const methods: Record<Run['method'], string> = {
  comkd: 'ComKD',
  promptkd: 'PromptKD',
  none: 'Student alone',
};

/** A run in a few words: its method, then where it differs from `base`. 'ComKD', 'without IFAlign, batch 64'. */
export function describeRun(run: Run, base: Run): string {
  const off = run.method === 'comkd' ? partsOff(run) : [];
  const head = off.length > 0 ? `without ${off.join(' and ')}` : methods[run.method];
  return [head, ...differences(run, base)].join(', ');
}

function partsOff({ loss }: Run): string[] {
  return [
    !loss.ifAlign && 'IFAlign',
    !loss.eduAttention && 'EduAttention',
    !loss.refine && 'refinement',
  ].filter((part) => part !== false);
}

function differences(run: Run, base: Run): string[] {
  const words: [unknown, unknown, string][] = [
    [run.loss.alignWeight, base.loss.alignWeight, `IFAlign × ${setting(run.loss.alignWeight)}`],
    [run.loss.kdWeight, base.loss.kdWeight, `refinement × ${setting(run.loss.kdWeight)}`],
    [run.loss.temperature, base.loss.temperature, `τ ${setting(run.loss.temperature)}`],
    [run.train.learningRate, base.train.learningRate, `rate ${setting(run.train.learningRate)}`],
    [run.train.batchSize, base.train.batchSize, `batch ${run.train.batchSize}`],
    [run.train.steps, base.train.steps, `${run.train.steps} steps`],
    [run.train.parameters, base.train.parameters, `trains ${run.train.parameters}`],
    [run.train.optimizer, base.train.optimizer, run.train.optimizer === 'sgd' ? 'SGD' : 'AdamW'],
    [run.train.schedule, base.train.schedule, `${run.train.schedule} rate`],
    [JSON.stringify(run.student), JSON.stringify(base.student), 'other student'],
    [run.train.seed, base.train.seed, `seed ${run.train.seed}`],
  ];
  return words.filter(([mine, theirs]) => mine !== theirs).map(([, , word]) => word);
}
