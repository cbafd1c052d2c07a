import { expose } from 'comlink';
import type { Embeddings } from '../../evaluate/results';
import { PcaProjection, umapPlaces } from './reduce';

const projection = new PcaProjection();

const calls = {
  pca: (embeddings: Embeddings) => projection.project(embeddings),
  umap: (embeddings: Embeddings, beside: Float32Array, onProgress: (share: number) => void) =>
    umapPlaces(embeddings, beside, onProgress),
};

export type ReduceCalls = typeof calls;

expose(calls);
