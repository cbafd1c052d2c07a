import clsx from 'clsx';
import { lazy, Suspense, useState } from 'react';
import { dismiss } from '../../page/store';
import { useStore } from '../parts/stores';
import styles from './Notices.module.css';

/** Words that most visitors never see. */
const Help = lazy(async () => {
  const { howToEnableWebGPU } = await import('./webgpuHelp');
  return { default: () => howToEnableWebGPU(navigator.userAgent) };
});

/** What went wrong, and what to know about this machine. In the flow of the page, so that nothing is covered. */
export function Notices() {
  const problems = useStore((state) => state.problems);
  return (
    <div className={clsx('notices', styles.notices)}>
      <DeviceNotice />
      {problems.map(({ id, message, isNotice }) => (
        <div
          key={id}
          className={clsx('notice', !isNotice && 'is-problem')}
          role={isNotice ? 'status' : 'alert'}
        >
          <span>{message}</span>
          <button type="button" className="quiet" onClick={() => dismiss(id)}>
            Dismiss
          </button>
        </div>
      ))}
    </div>
  );
}

function DeviceNotice() {
  const [isHidden, setHidden] = useState(false);
  const device = useStore((state) => state.device);
  const isForced = new URLSearchParams(location.search).get('backend') === 'wasm';
  // Where it is clear from the start, it stands there from the start: nothing moves when the engine says so.
  const isExpected = isForced || !('gpu' in navigator);
  if (isHidden || (device ? device.backend !== 'wasm' : !isExpected)) return null;
  return (
    <div className="notice" role="note">
      <span>
        <b>WebAssembly is used instead of WebGPU</b>
        {device?.whyNotWebGPU && ` (${device.whyNotWebGPU})`}. Everything works; a graphics processor would be
        faster. <Suspense>{!isForced && <Help />}</Suspense>
        {device?.whyOneThread && ` ${device.whyOneThread}`}
      </span>
      {isForced && <a href={location.pathname}>Use WebGPU</a>}
      <button type="button" className="quiet" onClick={() => setHidden(true)}>
        Dismiss
      </button>
    </div>
  );
}
