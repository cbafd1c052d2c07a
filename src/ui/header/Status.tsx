import { useEffect, useState } from 'react';
import { count, rate } from '../format';
import type { State } from '../state';
import { engine, useStore } from '../store';

/** Where the run is, how fast, with how much memory, on what. */
export function Status() {
  const step = useStore((state) => state.metrics?.step ?? 0);
  const perSecond = useStore((state) => state.metrics?.imagesPerSecond);
  const epoch = useStore(epochOf);
  const device = useStore((state) => state.device);
  const memory = useMemory();
  return (
    <div className="status">
      <span>
        step{' '}
        <output aria-label="step" className="w-step">
          {count(step)}
        </output>
      </span>
      <span className="is-extra">
        epoch <b className="w-epoch">{epoch.toFixed(1)}</b>
      </span>
      <span>
        <output aria-label="images per second" className="w-rate">
          {rate(perSecond)}
        </output>{' '}
        images/s
      </span>
      <span className="is-extra" title={memory && memoryTitle(memory)}>
        <b className="w-memory">{memory ? Math.round(memory.bytes / 1e6) : '–'}</b> MB
      </span>
      <span className="device" title={deviceTitle(device)}>
        {device?.description ?? 'starting'}
        {isSlowAdapter(device) && (
          <>
            , in software · <a href="?backend=wasm">use WebAssembly</a>
          </>
        )}
      </span>
    </div>
  );
}

/** WebGPU, but without a graphics processor. */
const isSlowAdapter = (device: State['device']): boolean => device?.backend === 'webgpu' && device.isSoftware;

type Memory = Awaited<ReturnType<typeof engine.memory>>;

function memoryTitle({ tensors, stepBytes }: Memory): string {
  const held = `In use on the device: ${count(tensors)} tensors`;
  return stepBytes ? `${held}; a step needs ${Math.round(stepBytes / 1e6)} MB` : held;
}

const deviceTitle = (device: State['device']): string | undefined =>
  isSlowAdapter(device)
    ? 'No graphics processor was found: this adapter is a program on the CPU, correct but slow.'
    : device?.description;

function epochOf({ metrics, data, loadedRun }: State): number {
  const images = data?.splits.train ?? data?.images ?? 0;
  return metrics && images > 0 ? (metrics.step * loadedRun.train.batchSize) / images : 0;
}

/** What the engine holds, asked every two seconds while something runs. */
function useMemory(): Memory | undefined {
  const [memory, setMemory] = useState<Memory>();
  const isIdle = useStore((state) => state.isLoading || state.session === 'idle');
  const session = useStore((state) => state.session);
  useEffect(() => {
    if (isIdle) return;
    const ask = () => void engine.memory().then(setMemory, () => setMemory(undefined));
    ask();
    if (session !== 'running') return;
    const timer = setInterval(ask, 2000);
    return () => clearInterval(timer);
  }, [isIdle, session]);
  return memory;
}
