import clsx from 'clsx';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type uPlot from 'uplot';
import { report, store } from '../../page/store';
import { useStore, useZoom } from '../parts/stores';
import { useTheme } from '../parts/theme';
import styles from './Chart.module.css';
import type { createPlot, PlotOptions } from './createPlot';

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
  const latest = useRef(data);
  latest.current = data;
  const create = useLibrary();
  const theme = useTheme();
  const run = useStore((state) => state.runId);
  const moment = useStore((state) => state.moment);
  const scale = useZoom((state) => state.zoom);

  // The steps of another run are others.
  useLayoutEffect(() => {
    zoomed.current = undefined;
  }, [run]);

  useLayoutEffect(() => {
    const element = host.current;
    if (!create || !element) return;
    const mark = () => store.getState().moment;
    const made = create(element, { lines, isLog, atLeast, format, scale, mark, onPoint });
    draw(made, latest.current, zoomed.current);
    watchZoom(made, zoomed);
    // The one before goes when this one is drawn.
    plot.current?.destroy();
    plot.current = made;
  }, [create, lines, isLog, atLeast, format, scale, onPoint]);

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => plot.current?.setSize(entry.contentRect));
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
    draw(plot.current, latest.current, zoomed.current);
  }, [theme]);

  useEffect(() => plot.current?.redraw(false), [moment]);

  useEffect(() => {
    const drawn = plot.current;
    if (!drawn || data === drawn.data) return;
    const show = () => plot.current && draw(plot.current, latest.current, zoomed.current);
    const added = data[0].length - drawn.data[0].length;
    // Steps that don't move a long curve by a pixel wait for more of them.
    if (added <= 0 || added * drawn.bbox.width > data[0].length) return void show();
    const timer = setTimeout(show, WAIT_MS);
    return () => clearTimeout(timer);
  }, [data]);

  return (
    <div className={clsx(styles.chart, className)} role="img" aria-label={label}>
      <div ref={host} className={styles.plot} />
    </div>
  );
}

/** Its library comes after the engine: there is nothing to draw before. */
function useLibrary(): typeof createPlot | undefined {
  const [library, setLibrary] = useState<{ createPlot: typeof createPlot }>();
  const hasEngine = useStore((state) => state.device !== undefined);
  useEffect(() => {
    if (hasEngine)
      import('./createPlot').then(setLibrary, () => report('The charts did not load: reload the page.'));
  }, [hasEngine]);
  return library?.createPlot;
}

interface Range {
  min: number;
  max: number;
}

/** @param range the steps to show; all without */
function draw(plot: uPlot, data: uPlot.AlignedData, range: Range | undefined): void {
  plot.setData(data, !range);
  if (range) plot.setScale('x', range);
}

/** Keeps the steps that were zoomed to; nothing once all are shown again. */
function watchZoom(plot: uPlot, zoomed: { current: Range | undefined }): void {
  plot.hooks.setSelect = [
    ({ select }: uPlot) => {
      if (select.width === 0) return;
      zoomed.current = {
        min: plot.posToVal(select.left, 'x'),
        max: plot.posToVal(select.left + select.width, 'x'),
      };
    },
  ];
  plot.over.addEventListener('dblclick', () => {
    zoomed.current = undefined;
  });
}
