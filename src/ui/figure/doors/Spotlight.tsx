import { useEffect, useRef } from 'react';
import type { AttentionMap } from '../../../evaluate/results';

/** How dark the least attended patch is. */
const SHADE = 0.86;

/** Darkens an image where a tower does not look. */
export function Spotlight({ map: { grid, weights }, label }: { map: AttentionMap; label: string }) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context) return;
    const most = weights.reduce((a, b) => Math.max(a, b), 1e-9);
    const shade = new ImageData(grid, grid);
    for (const [i, weight] of weights.entries()) shade.data[4 * i + 3] = 255 * SHADE * (1 - weight / most);
    context.putImageData(shade, 0, 0);
  }, [grid, weights]);
  return <canvas ref={ref} width={grid} height={grid} role="img" aria-label={label} />;
}
