import { percent } from '../format';
import { Spark } from '../parts/Spark';
import { useStore } from '../store';
import { Bars } from './Bars';
import { Sym } from './Symbol';
import { useSizes } from './useSizes';
import { useWatched } from './useWatched';

/** Which texts the watched image attends to, and how α has grown. */
export function EduDetail() {
  const alpha = useStore((state) => state.metrics?.alpha.toFixed(4) ?? '0');
  const classes = useStore((state) => state.data?.classes ?? []);
  const watched = useWatched();
  const sizes = useSizes();
  const most = strongest(watched?.attention ?? new Float32Array(), 2);
  return (
    <div className="of-edu">
      <p className="formula">
        <Sym of="fe" sizes={sizes} /> = normalise(
        <Sym of="alpha" sizes={sizes} value={alpha} /> · softmax(
        <Sym of="q" sizes={sizes} />
        <Sym of="k" sizes={sizes} />ᵀ / √<Sym of="c" sizes={sizes} />) <Sym of="v" sizes={sizes} /> +{' '}
        <Sym of="us" sizes={sizes} />)
      </p>
      <div className="detail-pair">
        <figure>
          <Bars values={watched?.attention ?? []} height={46} />
          <figcaption>
            {most.length === 0
              ? 'attention over texts'
              : most.map(([i, share]) => `${classes[i] ?? `text ${i + 1}`} ${percent(share)} %`).join(', ')}
          </figcaption>
        </figure>
        <figure>
          <Spark column="alpha" height={46} />
          <figcaption>α over the last steps</figcaption>
        </figure>
      </div>
    </div>
  );
}

/** The places and values of the largest weights, largest first. */
const strongest = (weights: Float32Array, n: number): [number, number][] =>
  Array.from(weights, (weight, i): [number, number] => [i, weight])
    .sort((a, b) => b[1] - a[1])
    .slice(0, n);
