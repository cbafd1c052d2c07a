import { PCA } from 'ml-pca';
import { UMAP } from 'umap-js';
import type { Embeddings } from '../../evaluate/results';
import { Random } from '../../files/random';

/** Where marks lie in two dimensions, x and y in turn, [rows × 2]; NaN where a feature is no number. */
export interface Places {
  teacher: Float32Array;
  student: Float32Array;
}

export interface PcaPlaces extends Places {
  texts: Float32Array;
  /** Shares (0..1) of the variance of the teacher's features that lie along x and along y. */
  shares: [x: number, y: number];
  /** Counts fits: places of the same fit can be compared. */
  fit: number;
}

/** Features that differ by less are those of the same image by the same teacher, computed another time. */
const SAME = 1e-3;
/** UMAP's usual ones: neighbours that make up a point's surroundings, and how closely points may lie. */
const NEIGHBOURS = 15;
const MIN_DISTANCE = 0.1;

/** Projects on the two directions in which the teacher's features vary most, which stay while the teacher's features do. */
export class PcaProjection {
  private fitted?: { teacher: Float32Array; pca: PCA; shares: [number, number] };
  private fits = 0;

  /** Undefined where the teacher has fewer than two images with numbers. */
  project({ dimension, teacher, student, texts }: Embeddings): PcaPlaces | undefined {
    if (!this.fitted || !isSame(this.fitted.teacher, teacher)) {
      const samples = rowsOf(teacher, dimension).filter(isNumeric);
      if (samples.length < 2) return undefined;
      this.fitted = { teacher, ...fit(samples) };
      this.fits++;
    }
    const { pca, shares } = this.fitted;
    const places = (values: Float32Array) =>
      values.length > 0
        ? Float32Array.from(pca.predict(rowsOf(values, dimension)).to1DArray())
        : new Float32Array();
    return {
      teacher: places(teacher),
      student: places(student),
      texts: places(texts),
      shares,
      fit: this.fits,
    };
  }
}

function fit(samples: number[][]): { pca: PCA; shares: [number, number] } {
  const all = new PCA(samples);
  const [x = 0, y = 0] = all.getExplainedVariance();
  const model = all.toJSON();
  const axes = model.U.subMatrixColumn([0, 1]);
  // An axis may point either way; so it points the same way for other images of the same data, mostly.
  for (const column of [0, 1]) {
    const largest = axes.getColumn(column).reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
    if (largest < 0) axes.mulColumn(column, -1);
  }
  // Without any variance the shares are 0 / 0.
  return { pca: PCA.load({ ...model, U: axes }), shares: [x || 0, y || 0] };
}

/**
 * Both models' features by UMAP, and another student's where there is one, fitted on all of them together; the same features
 * give the same places.
 *
 * @param beside of the other student, a row for each image; what is no number gets no place
 * @param onProgress gets the share (0..1) that is done, about every hundredth
 */
export function umapPlaces(
  { dimension, teacher, student }: Embeddings,
  beside: Float32Array,
  onProgress: (share: number) => void,
): Places & { beside: Float32Array } {
  const all = [teacher, student, beside].map((values) => rowsOf(values, dimension));
  const rows = all.flat().filter(isNumeric);
  const random = new Random(0);
  const umap = new UMAP({
    nNeighbors: Math.min(NEIGHBOURS, rows.length - 1),
    minDist: MIN_DISTANCE,
    random: () => random.uniform(),
  });
  const epochs = umap.initializeFit(rows);
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    if (epoch % Math.ceil(epochs / 100) === 0) onProgress(epoch / epochs);
  }
  const places = umap.getEmbedding().values();
  const placesOf = (of: number[][]) =>
    Float32Array.from(
      of.flatMap((row) => (isNumeric(row) && places.next().value) || [Number.NaN, Number.NaN]),
    );
  const [ofTeacher, ofStudent, ofOther] = all.map(placesOf);
  return { teacher: ofTeacher, student: ofStudent, beside: ofOther };
}

const rowsOf = (values: Float32Array, dimension: number): number[][] =>
  Array.from({ length: values.length / dimension }, (_, row) =>
    Array.from(values.subarray(row * dimension, (row + 1) * dimension)),
  );

const isNumeric = (row: number[]): boolean => row.every(Number.isFinite);

const isSame = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((value, i) => Math.abs(value - b[i]) < SAME);
