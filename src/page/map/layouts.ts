import { proxy, type Remote, wrap } from 'comlink';
import { createStore } from 'zustand/vanilla';
import type { Evaluation } from '../../evaluate/results';
import { comparedStore } from '../inspect/compared';
import { store } from '../store';
import { distances } from './distances';
import type { PcaPlaces, Places } from './reduce';
import type { ReduceCalls } from './reduce.worker';

export type Method = 'pca' | 'umap';

/** An evaluation's features in two dimensions. */
export interface Layout extends Places {
  evaluation: Evaluation;
  /** 1 − cosine between both models' features of each image, [images]. */
  distances: Float32Array;
  /** Layouts with the same key share their axes. */
  key: string;
  /** PCA alone has these. */
  texts?: Float32Array;
  shares?: PcaPlaces['shares'];
  /** Another student on the same axes, in the same order of images; NaN for those that it did not look at. */
  beside?: { evaluation: Evaluation; student: Float32Array; distances: Float32Array };
}

interface MapState {
  method: Method;
  /** Of the last evaluation that it is done with; undefined where there are too few images. */
  pca?: Layout;
  /** Of the evaluation that it was asked for. */
  umap?: Layout;
  /** The share (0..1) that is done of a UMAP under way. */
  umapShare?: number;
  /** Why a layout could not be computed. */
  problem?: string;
}

export const mapStore = createStore<MapState>(() => ({ method: 'pca' }));

const set = mapStore.setState;

function startWorker(): { worker: Worker; calls: Remote<ReduceCalls> } {
  const worker = new Worker(new URL('./reduce.worker.ts', import.meta.url), { type: 'module' });
  return { worker, calls: wrap<ReduceCalls>(worker) };
}

let projector: Remote<ReduceCalls> | undefined;
let next: Wanted | undefined;
let isProjecting = false;

interface Wanted {
  evaluation: Evaluation;
  beside?: Evaluation;
}

/**
 * Projects an evaluation's features by PCA; of those that come meanwhile only the last is projected too.
 *
 * @param beside whose student is to be shown too
 */
export async function followByPca(evaluation: Evaluation, beside?: Evaluation): Promise<void> {
  next = { evaluation, beside };
  const { pca } = mapStore.getState();
  if (isProjecting || (pca?.evaluation === evaluation && pca.beside?.evaluation === beside)) return;
  isProjecting = true;
  try {
    projector ??= startWorker().calls;
    while (next) {
      const now: Wanted = next;
      next = undefined;
      const { imagesVersion } = store.getState();
      const pca = await layOut(projector, now);
      // Other images may have come meanwhile.
      if (imagesVersion === store.getState().imagesVersion) set({ pca, problem: undefined });
    }
  } catch (error) {
    set({ problem: `The map could not be computed: ${messageOf(error)}` });
  } finally {
    isProjecting = false;
  }
}

async function layOut(
  { pca }: Remote<ReduceCalls>,
  { evaluation, beside }: Wanted,
): Promise<Layout | undefined> {
  const places = await pca(evaluation.embeddings);
  if (!places) return undefined;
  const layout = { ...common(evaluation), ...places, key: `pca ${places.fit}` };
  const other = beside && rowsBeside(evaluation, beside);
  if (!other) return layout;
  // The teacher is the same, so that the axes are.
  const placesBeside = await pca({ ...evaluation.embeddings, student: other.student });
  return placesBeside ? { ...layout, beside: { ...other, student: placesBeside.student } } : layout;
}

/** Another student's features and distances in the order of images of an evaluation; undefined where they can't be compared. */
function rowsBeside(evaluation: Evaluation, beside: Evaluation) {
  if (beside.embeddings.dimension !== evaluation.embeddings.dimension) return undefined;
  const inOrder = (rows: Float32Array) => rowsLike(evaluation, beside, rows);
  return {
    evaluation: beside,
    student: inOrder(beside.embeddings.student),
    distances: inOrder(distances(beside.embeddings)),
  };
}

/** Rows of another evaluation in the order of the images of this one; NaN where it has none. */
function rowsLike(
  { predictions, embeddings }: Evaluation,
  other: Evaluation,
  rows: Float32Array,
): Float32Array {
  const images = embeddings.teacher.length / embeddings.dimension;
  const width = rows.length / (other.embeddings.teacher.length / other.embeddings.dimension);
  const rowOf = new Map(other.predictions.map(({ image }, row) => [image, row]));
  const arranged = new Float32Array(images * width).fill(Number.NaN);
  for (let i = 0; i < images; i++) {
    const row = rowOf.get(predictions[i].image) ?? Number.POSITIVE_INFINITY;
    arranged.set(rows.subarray(row * width, (row + 1) * width), i * width);
  }
  return arranged;
}

let umapWorker: Worker | undefined;
let umaps = 0;

/** Whether all of the student's features are numbers, as UMAP takes them; those of a diverged run are not. */
export const isNumeric = ({ embeddings }: Evaluation): boolean => embeddings.student.every(Number.isFinite);

/** Lays out the last evaluation by UMAP, with what it is compared with, in a worker of its own that a cancel ends. */
export async function computeUmap(): Promise<void> {
  const { evaluation } = store.getState();
  if (!evaluation || umapWorker) return;
  const beside = comparedStore.getState().other?.evaluation;
  const other = beside && rowsBeside(evaluation, beside);
  const { worker, calls } = startWorker();
  umapWorker = worker;
  set({ umapShare: 0, problem: undefined });
  try {
    const onProgress = proxy((umapShare: number) => umapWorker === worker && set({ umapShare }));
    const { beside: student, ...places } = await calls.umap(
      evaluation.embeddings,
      other?.student ?? new Float32Array(),
      onProgress,
    );
    umaps++;
    const umap = { ...common(evaluation), ...places, key: `umap ${umaps}` };
    set({ umap: { ...umap, beside: other && { ...other, student } } });
  } catch (error) {
    set({ problem: `UMAP failed: ${messageOf(error)}` });
  }
  cancelUmap();
}

export function cancelUmap(): void {
  umapWorker?.terminate();
  umapWorker = undefined;
  set({ umapShare: undefined });
}

const common = (evaluation: Evaluation) => ({ evaluation, distances: distances(evaluation.embeddings) });

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

// Other images than those of the layouts.
store.subscribe((state, previous) => {
  if (state.imagesVersion === previous.imagesVersion) return;
  cancelUmap();
  set({ pca: undefined, umap: undefined, problem: undefined });
});
