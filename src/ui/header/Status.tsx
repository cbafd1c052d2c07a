import clsx from 'clsx';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { engine } from '../../page/engine';
import { count, rate } from '../../page/format';
import { epochFormula, epochOf, rateFormula, stepFormula } from '../../page/formulas';
import { isLoading, type State } from '../../page/state';
import { Explained } from '../parts/Explained';
import { LiveNumber } from '../parts/LiveNumber';
import { useStore } from '../parts/stores';
import styles from './Status.module.css';

/** Words that most visitors never see. */
const WasmNote = lazy(() => import('./WasmNote'));

/** Where the run is, how fast, with how much memory, on what. */
export function Status() {
  const device = useStore((state) => state.device);
  const hasFailed = useStore((state) => state.phase === 'failed');
  const memory = useMemory();
  return (
    <div className={styles.status}>
      <Explained name="step" formula={stepFormula}>
        {' '}
        <LiveNumber label="step" className={styles.step} read={({ metrics }) => count(metrics?.step ?? 0)} />
      </Explained>
      <Explained name="epoch" formula={epochFormula} className={styles.isExtra}>
        {' '}
        <LiveNumber label="epoch" className={styles.epoch} read={(state) => epochOf(state).toFixed(1)} />
      </Explained>
      <Explained name="images/s" formula={rateFormula} isNumberFirst>
        <LiveNumber
          label="images per second"
          className={styles.rate}
          read={({ metrics }) => rate(metrics?.imagesPerSecond)}
        />{' '}
      </Explained>
      <Explained
        name="MB"
        formula={() => (memory ? memoryTitle(memory) : 'Bytes in use on the device')}
        isNumberFirst
        className={styles.isExtra}
      >
        <b className={styles.memory}>{memory ? Math.round(memory.bytes / 1e6) : '–'}</b>{' '}
      </Explained>
      <span className={styles.device} title={deviceTitle(device)}>
        {device?.description ?? (hasFailed ? 'not started' : 'starting')}
        {isSlowAdapter(device) && (
          <>
            , in software · <a href="?backend=wasm">use WebAssembly</a>
          </>
        )}
      </span>
      {device?.backend === 'wasm' && <WhyWasm />}
    </div>
  );
}

function WhyWasm() {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <span>
      <button
        ref={button}
        type="button"
        className={clsx('quiet', styles.why)}
        aria-label="Why not WebGPU?"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        why?
      </button>
      <Suspense>{isOpen && <WasmNote anchor={button} onClose={() => setOpen(false)} />}</Suspense>
    </span>
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

/** What the engine holds, asked every two seconds while something runs. */
function useMemory(): Memory | undefined {
  const [memory, setMemory] = useState<Memory>();
  const isIdle = useStore(isLoading);
  const phase = useStore((state) => state.phase);
  useEffect(() => {
    if (isIdle) return;
    const ask = () => void engine.memory().then(setMemory, () => setMemory(undefined));
    ask();
    if (phase !== 'running') return;
    const timer = setInterval(ask, 2000);
    return () => clearInterval(timer);
  }, [isIdle, phase]);
  return memory;
}
