import type { RefObject } from 'react';
import { PopoverBox } from '../parts/PopoverBox';
import { useStore } from '../parts/stores';
import styles from './WasmNote.module.css';
import { howToEnableWebGPU } from './webgpuHelp';

interface Props {
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
}

/** Why WebAssembly computes, and what would bring the graphics processor. Opened on demand: a notice would move the page. */
export default function WasmNote({ anchor, onClose }: Props) {
  const device = useStore((state) => state.device);
  const isForced = new URLSearchParams(location.search).get('backend') === 'wasm';
  return (
    <PopoverBox label="Why WebAssembly" anchor={anchor} onClose={onClose}>
      <p className={styles.note}>
        <b>WebAssembly is used instead of WebGPU</b>
        {device?.whyNotWebGPU && ` (${device.whyNotWebGPU})`}. Everything works; a graphics processor would be
        faster.{' '}
        {isForced ? <a href={location.pathname}>Use WebGPU</a> : howToEnableWebGPU(navigator.userAgent)}
        {device?.whyOneThread && ` ${device.whyOneThread}`}
      </p>
    </PopoverBox>
  );
}
