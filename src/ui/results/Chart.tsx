import clsx from 'clsx';
import { useEffect, useRef, useState } from 'react';
import type uPlot from 'uplot';
import { useStore } from '../store';
import { useTheme } from '../theme';
import type { PlotOptions } from './createPlot';
import styles from './results.module.css';

interface Props extends PlotOptions {
  label: string;
  /** Says how high it is. */
  className?: string;
  /** Steps, then the values of each line. */
  data: uPlot.AlignedData;
}

/** So soon a chart shows all steps, where no more of them come. */
const WAIT_MS = 200;

/** A line chart. Drag over it to zoom, double click to see everything again. */
export function Chart({ label, className, data, lines, isLog, atLeast, format, onPoint }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const [plot, setPlot] = useState<uPlot>();
  const isZoomed = useRef(false);
  const theme = useTheme();
  const hasEngine = useStore((state) => state.device !== undefined);

  useEffect(() => {
    if (!hasEngine) return;
    let remove: (() => void) | undefined;
    let isGone = false;
    isZoomed.current = false;
    // Its library comes after the engine: there is nothing to draw before.
    void import('./createPlot').then(({ createPlot }) => {
      const element = host.current;
      if (!element || isGone) return;
      const made = createPlot(element, { lines, isLog, atLeast, format, onPoint });
      watchZoom(made, (zoomed) => {
        isZoomed.current = zoomed;
      });
      setPlot(made);
      const observer = new ResizeObserver(([entry]) => made.setSize(entry.contentRect));
      observer.observe(element);
      remove = () => {
        observer.disconnect();
        made.destroy();
      };
    });
    return () => {
      isGone = true;
      remove?.();
    };
  }, [hasEngine, lines, isLog, atLeast, format, onPoint]);

  // Before the data comes: a redraw keeps the range of before, even where data has just asked for another.
  useEffect(() => {
    if (theme) plot?.redraw();
  }, [plot, theme]);

  useEffect(() => {
    if (!plot || data.length !== plot.series.length) return;
    const draw = () => {
      plot.setData(data, !isZoomed.current);
      if (isZoomed.current) plot.redraw();
    };
    const added = data[0].length - plot.data[0].length;
    // Steps that don't move a long curve by a pixel wait for more of them.
    if (added <= 0 || added * plot.bbox.width > data[0].length) return draw();
    const timer = setTimeout(draw, WAIT_MS);
    return () => clearTimeout(timer);
  }, [plot, data]);

  return <div ref={host} className={clsx(styles.chart, className)} role="img" aria-label={label} />;
}

function watchZoom(plot: uPlot, onZoom: (isZoomed: boolean) => void): void {
  plot.hooks.setSelect = [({ select }: uPlot) => onZoom(select.width > 0)];
  plot.over.addEventListener('dblclick', () => onZoom(false));
}
