import katex, { type KatexOptions } from 'katex';
import { type SyntheticEvent, useEffect, useRef } from 'react';
import type { Sizes } from '../../../page/sizes';
import { explain, isSymbol, type SymbolName, type SymbolValues, symbolMacros } from './symbols';
import 'katex/dist/katex.min.css';
import styles from './doors.module.css';

const options: KatexOptions = {
  displayMode: false,
  macros: symbolMacros,
  // The only command trusted is the one that marks symbols.
  trust: ({ command }) => command === '\\htmlData',
  strict: (code: string) => (code === 'htmlExtension' ? 'ignore' : 'warn'),
};

interface Props {
  tex: string;
  /** As it is read out. */
  spoken: string;
  sizes: Sizes;
  values: SymbolValues;
  onSymbol: (name: SymbolName) => void;
}

/** A formula whose symbols can be pointed at, or reached by the keyboard. */
export function Formula({ tex, spoken, sizes, values, onSymbol }: Props) {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!ref.current) return;
    katex.render(tex, ref.current, { ...options, output: 'html' });
    // KaTeX hides its output from readers; here they can go from symbol to symbol.
    ref.current.querySelector('.katex-html')?.removeAttribute('aria-hidden');
    for (const symbol of symbolsIn(ref.current)) {
      symbol.tabIndex = 0;
      symbol.role = 'img';
    }
  }, [tex]);
  useEffect(() => {
    for (const symbol of symbolsIn(ref.current)) {
      if (!isSymbol(symbol.dataset.symbol)) continue;
      const words = explain(symbol.dataset.symbol, sizes, values);
      // Said again only where it has changed.
      if (symbol.ariaLabel !== words) symbol.ariaLabel = words;
    }
  }, [sizes, values]);
  const point = ({ target }: SyntheticEvent) => {
    const name = target instanceof Element && target.closest<HTMLElement>('[data-symbol]')?.dataset.symbol;
    if (name && isSymbol(name)) onSymbol(name);
  };
  return (
    <figure ref={ref} className={styles.formula} aria-label={spoken} onPointerOver={point} onFocus={point} />
  );
}

const symbolsIn = (root: HTMLElement | null) => root?.querySelectorAll<HTMLElement>('[data-symbol]') ?? [];

/** Often enough to be read; typesetting them for every frame would cost most of it. */
const NUMBERS_EVERY_MS = 100;

/** A line of numbers set like the formula above it. */
export function Numbers({ tex }: { tex: string }) {
  const ref = useRef<HTMLDivElement>(null);
  const setAt = useRef(0);
  useEffect(() => {
    const typeset = () => {
      setAt.current = performance.now();
      if (ref.current) katex.render(tex, ref.current, options);
    };
    const timer = setTimeout(typeset, setAt.current + NUMBERS_EVERY_MS - performance.now());
    return () => clearTimeout(timer);
  }, [tex]);
  return <div ref={ref} className={styles.numbers} />;
}
