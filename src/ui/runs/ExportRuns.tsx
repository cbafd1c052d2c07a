import { useState } from 'react';
import { download } from '../../page/download';
import { count } from '../../page/format';
import { exportRuns, type Format, formats } from '../../page/runs/exportRuns';
import type { KeptRun } from '../../page/runs/stored';
import { report } from '../../page/store';
import { useKept, useStore } from '../parts/stores';
import styles from './runs.module.css';

/** Saves runs as a file: all, or the run of the moment and those in the charts with it. */
export function ExportRuns({ all }: { all: KeptRun[] }) {
  const [format, setFormat] = useState<Format>('csv');
  const [isAll, setAll] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const shown = useKept((state) => state.shown);
  const current = useStore((state) => state.runId);
  const inCharts = all.filter(({ id }) => id === current || shown.includes(id));
  const chosen = isAll || inCharts.length === 0 ? all : inCharts;
  const save = async () => {
    setBusy(true);
    try {
      download(await exportRuns(chosen, format), `runs.${format}`);
    } catch (error) {
      report(error);
    }
    setBusy(false);
  };
  return (
    <>
      <select
        className={styles.runsMenu}
        aria-label="Runs to export"
        value={isAll ? 'all' : 'charts'}
        onChange={({ target }) => setAll(target.value === 'all')}
      >
        {inCharts.length > 0 && <option value="charts">in the charts ({count(inCharts.length)})</option>}
        <option value="all">all ({count(all.length)})</option>
      </select>
      <select
        className={styles.runsMenu}
        aria-label="Format of the export"
        value={format}
        onChange={({ target }) => setFormat(formats.find(([one]) => one === target.value)?.[0] ?? 'csv')}
      >
        {formats.map(([one, name]) => (
          <option key={one} value={one}>
            {name}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="button is-primary"
        disabled={isBusy || all.length === 0}
        onClick={() => void save()}
      >
        Export
      </button>
    </>
  );
}
