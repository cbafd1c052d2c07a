import { useEffect, useRef, useState } from 'react';
import type uPlot from 'uplot';
import { useTheme } from '../theme';
import { createPlot, type PlotOptions } from './createPlot';

interface Props extends PlotOptions {
  label: string;
  /** Steps, then the values of each line. */
  data: uPlot.AlignedData;
}

/** A line chart. Drag over it to zoom, double click to see everything again. */
export function Chart({ label, data, lines, isLog, atLeast, format, onPoint }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const [plot, setPlot] = useState<uPlot>();
  const isZoomed = useRef(false);
  const theme = useTheme();

  useEffect(() => {
    if (!host.current) return;
    isZoomed.current = false;
    const made = createPlot(host.current, { lines, isLog, atLeast, format, onPoint });
    const zoom = ({ select }: uPlot) => {
      isZoomed.current = select.width > 0;
    };
    made.hooks.setSelect = [zoom];
    made.over.addEventListener('dblclick', () => {
      isZoomed.current = false;
    });
    setPlot(made);
    const observer = new ResizeObserver(([entry]) => made.setSize(entry.contentRect));
    observer.observe(host.current);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [lines, isLog, atLeast, format, onPoint]);

  // Before the data comes: a redraw keeps the range of before, even where data has just asked for another.
  useEffect(() => {
    if (theme) plot?.redraw();
  }, [plot, theme]);

  useEffect(() => {
    if (!plot || data.length !== plot.series.length) return;
    plot.setData(data, !isZoomed.current);
    if (isZoomed.current) plot.redraw();
  }, [plot, data]);

  return <div ref={host} className="chart" role="img" aria-label={label} />;
}
