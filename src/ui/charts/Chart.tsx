import clsx from 'clsx';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type uPlot from 'uplot';
import { report, store } from '../../page/store';
import { useStore, useZoom } from '../parts/stores';
import { useTheme } from '../parts/theme';
import styles from './Chart.module.css';
import type { PlotOptions } from './createPlot';
import type { Range } from './decimate';

interface Props extends Omit<PlotOptions, 'scale' | 'mark'> {
  label: string;
  /** Says how high it is. */
  className?: string;
  /** Steps, then the values of each line. */
  data: uPlot.AlignedData;
}

/** So soon a chart shows all steps, where no more of them come. */
const WAIT_MS = 200;

/** A line chart. Drag over it to zoom, double click to see everything again; a run from its start is seen whole. */
export function Chart({ label, className, data, lines, isLog, atLeast, format, onPoint }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const zoomed = useRef<Range>(undefined);
  const library = useLibrary();
  const latest = useRef({ data, library });
  latest.current = { data, library };
  const drawn = useRef<uPlot.AlignedData>(undefined);
  const theme = useTheme();
  const run = useStore((state) => state.runId);
  const moment = useStore((state) => state.moment);
  const scale = useZoom((state) => state.zoom);

  const show = () => {
    const { data, library } = latest.current;
    if (plot.current) library?.draw(plot.current, data, zoomed.current);
    drawn.current = data;
  };

  // The steps of another run are others.
  useLayoutEffect(() => {
    zoomed.current = undefined;
  }, [run]);

  useLayoutEffect(() => {
    const element = host.current;
    if (!library || !element) return;
    const mark = () => store.getState().moment;
    const before = plot.current;
    plot.current = library.createPlot(element, { lines, isLog, atLeast, format, scale, mark, onPoint });
    show();
    watchZoom(plot.current, (range) => {
      zoomed.current = range;
      show();
    });
    // It goes when the new one is drawn.
    before?.destroy();
  }, [library, lines, isLog, atLeast, format, scale, onPoint]);

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      plot.current?.setSize(entry.contentRect);
      show();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, []);

  // A redraw keeps the range of before, even where data has just asked for another: it asks again.
  useEffect(() => {
    if (!theme || !plot.current) return;
    plot.current.redraw();
    show();
  }, [theme]);

  useEffect(() => plot.current?.redraw(false), [moment]);

  useEffect(() => {
    if (!plot.current || !drawn.current || data === drawn.current) return;
    const added = data[0].length - drawn.current[0].length;
    // Steps that don't move a long curve by a pixel wait for more of them.
    if (added <= 0 || added * plot.current.bbox.width > data[0].length) return void show();
    const timer = setTimeout(show, WAIT_MS);
    return () => clearTimeout(timer);
  }, [data]);

  return (
    <div className={clsx(styles.chart, className)} role="img" aria-label={label}>
      <div ref={host} className={styles.plot} />
    </div>
  );
}

type Library = typeof import('./createPlot');

/** Its library comes after the engine: there is nothing to draw before. */
function useLibrary(): Library | undefined {
  const [library, setLibrary] = useState<Library>();
  const hasEngine = useStore((state) => state.device !== undefined);
  useEffect(() => {
    if (hasEngine)
      import('./createPlot').then(setLibrary, () => report('The charts did not load: reload the page.'));
  }, [hasEngine]);
  return library;
}

/** @param onZoom takes the steps that were zoomed to; nothing once all are to be shown again */
function watchZoom(plot: uPlot, onZoom: (range?: Range) => void): void {
  const stepAt = (left: number) => plot.posToVal(left, 'x');
  plot.hooks.setSelect = [
    ({ select: { left, width } }: uPlot) => {
      if (width > 0) onZoom({ min: stepAt(left), max: stepAt(left + width) });
    },
  ];
  plot.over.addEventListener('dblclick', () => onZoom());
}
