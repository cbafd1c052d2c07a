import katex, { type KatexOptions } from 'katex';
import { type SyntheticEvent, useEffect, useRef } from 'react';
import type { Sizes } from '../useSizes';
import { explain, isSymbol, type SymbolName, type SymbolValues, symbolMacros } from './symbols';
import 'katex/dist/katex.min.css';

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
  const ref = useRef<HTMLDivElement>(null);
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
    for (const symbol of symbolsIn(ref.current))
      if (isSymbol(symbol.dataset.symbol)) symbol.ariaLabel = explain(symbol.dataset.symbol, sizes, values);
  }, [sizes, values]);
  const point = ({ target }: SyntheticEvent) => {
    const name = target instanceof Element && target.closest<HTMLElement>('[data-symbol]')?.dataset.symbol;
    if (name && isSymbol(name)) onSymbol(name);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div
      ref={ref}
      className="formula"
      role="group"
      aria-label={spoken}
      onPointerOver={point}
      onFocus={point}
    />
  );
}

const symbolsIn = (root: HTMLElement | null) => root?.querySelectorAll<HTMLElement>('[data-symbol]') ?? [];

/** A line of numbers set like the formula above it. */
export function Numbers({ tex }: { tex: string }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (ref.current) katex.render(tex, ref.current, options);
  }, [tex]);
  return <div ref={ref} className="numbers" />;
}
