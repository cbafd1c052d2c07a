import type { HostTensors } from '../files/tensors';
import type { StepFigures } from './events';

/**
 * What to say of a run whose loss is no longer a number.
 *
 * @param tensors what training changes, after the last step
 */
export function divergence(
  { step, total, learningRate, ...terms }: StepFigures,
  tensors: HostTensors,
): string {
  const term = Object.keys(terms).find((name) => !Number.isFinite(terms[name]));
  const tensor = firstNotFinite(tensors);
  const seen = [
    ...(term ? [`its term ${term} is ${nameOf(terms[term])}`] : []),
    ...(tensor ? [`${tensor} is the first tensor that holds NaN or infinity`] : []),
  ];
  return (
    `The loss is no longer a number after step ${step}${seen.length > 0 ? `: ${seen.join(', and ')}` : ''}. ` +
    'A lower learning rate, or a warm-up, usually helps; then reset.'
  );
}

const nameOf = (value: number): string => (Number.isNaN(value) ? 'NaN' : 'infinite');

/** The name of the first tensor that holds NaN or infinity; undefined where all are finite. */
export function firstNotFinite(tensors: HostTensors): string | undefined {
  return Object.keys(tensors).find((name) => {
    let sum = 0;
    for (const value of tensors[name].data) sum += value;
    return !Number.isFinite(sum);
  });
}
