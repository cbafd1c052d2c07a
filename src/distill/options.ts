/** The parts of ComKD-CLIP's loss and their weights (arXiv 2408.04145, section 3). */
export interface LossOptions {
  ifAlign: boolean;
  eduAttention: boolean;
  refine: boolean;
  alignWeight: number;
  kdWeight: number;
  temperature: number;
  reduction: 'mean' | 'sum';
  /** Over this many captions, each batch is classified against a fresh sample that holds its own. */
  maxTexts: number;
}

/** Which of the student's image tower learns beside the projector and EduAttention. */
export type TrainedParameters = 'prompts' | 'full' | 'heads';

export type Method = 'comkd' | 'promptkd' | 'none';
