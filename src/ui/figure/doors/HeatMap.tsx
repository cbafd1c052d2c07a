import { useEffect, useRef } from 'react';
import styles from './charts.module.css';
import type { ColourScale } from './colourScales';
import type { Cell } from './useCells';

interface Props {
  /** [rows, columns]. */
  values: Float32Array;
  rows: number;
  columns: number;
  low: number;
  high: number;
  scale: ColourScale;
  cell: Cell | undefined;
}

/** A matrix as a picture, a cell a colour, with a frame around one of them. */
export function HeatMap({ values, rows, columns, low, high, scale, cell }: Props) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context || rows * columns === 0) return;
    const picture = new ImageData(columns, rows);
    for (let i = 0; i < rows * columns; i++)
      picture.data.set([...scale((values[i] - low) / (high - low || 1)), 255], 4 * i);
    context.putImageData(picture, 0, 0);
  }, [values, rows, columns, low, high, scale]);
  const share = (at: number, of: number) => `${(100 * at) / of}%`;
  return (
    <>
      <canvas ref={ref} width={columns} height={rows} />
      {cell && (
        <i
          className={styles.cell}
          style={{
            left: share(cell.column, columns),
            top: share(cell.row, rows),
            width: share(1, columns),
            height: share(1, rows),
          }}
        />
      )}
    </>
  );
}
