import type { LossOptions } from '../options';

/** PromptKD (CVPR 2024): the refinement alone, without EduAttention and IFAlign. */
export function promptkd(loss: LossOptions): LossOptions {
  return { ...loss, ifAlign: false, eduAttention: false, refine: true };
}
