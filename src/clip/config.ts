/** One transformer tower's sizes, with the names of Hugging Face's `config.json` in camel case. */
export interface TowerConfig {
  hiddenSize: number;
  intermediateSize: number;
  numHiddenLayers: number;
  numAttentionHeads: number;
  hiddenAct: 'quick_gelu' | 'gelu';
  layerNormEps: number;
}

export interface VisionConfig extends TowerConfig {
  imageSize: number;
  patchSize: number;
}

export interface TextConfig extends TowerConfig {
  vocabSize: number;
  /** The longest text in tokens, start and end included. */
  maxPositionEmbeddings: number;
  /** 2 means the older rule: the text's feature stands at the token with the largest id. */
  eosTokenId: number;
}

/** Sizes of a CLIP with ViT towers. A student that starts from random weights may have no text tower. */
export interface ClipConfig {
  vision: VisionConfig;
  text?: TextConfig;
  projectionDim: number;
}
