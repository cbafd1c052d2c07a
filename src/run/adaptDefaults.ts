/** PromptSRC's own: how Stage I trains, where a run file leaves it open. */
export const adaptDefaults = { learningRate: 0.0025, batchSize: 4, epochs: 20 };
