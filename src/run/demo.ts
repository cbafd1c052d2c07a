/** A student of the demo's with the same tower, which has learnt from other concepts than the default ones. */
export const PRETRAINED = 'demo-pretrained';

/** Whether a model is one that has to be brought. */
export const isPlace = (model: unknown): model is string => typeof model === 'string' && model !== PRETRAINED;

/** The demo's student: a vision tower of 4 layers that starts from random weights. */
export const demoStudent = {
  config: {
    model_type: 'clip',
    projection_dim: 64,
    vision_config: {
      hidden_size: 64,
      intermediate_size: 256,
      num_hidden_layers: 4,
      num_attention_heads: 4,
      image_size: 32,
      patch_size: 8,
      hidden_act: 'quick_gelu',
    },
  },
  seed: 0,
};

/** The run that the page opens with, as a run file would hold it. */
export const demoRun = {
  teacher: 'demo',
  student: demoStudent,
  data: 'demo',
  // What a teacher is for: one picture of each concept has a label, the others are there to be looked at.
  dataOptions: { labelsPerClass: 1 },
  train: {
    batchSize: 32,
    steps: 500,
    learningRate: 0.0015,
    warmupSteps: 50,
    weightDecay: 0.05,
    augment: 'crop-flip' as const,
  },
};
