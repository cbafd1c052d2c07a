import { useEffect, useRef, useState } from 'react';
import { engine } from '../../../page/engine';
import { report } from '../../../page/store';
import type { ImageRow } from '../../../worker/api';
import { useStore } from '../../parts/stores';

const PAGE = 120;

export interface FoundImages {
  total: number;
  /** The image at a place of the list; undefined while it is asked for. */
  rowAt(place: number): ImageRow | undefined;
  /** Asks for what is there from one place up to before another. */
  show(from: number, to: number): void;
}

interface Pages {
  key: string;
  total: number;
  rows: ReadonlyMap<number, ImageRow[]>;
}

/** The images whose text or path holds `search`, a page at a time as they are looked at; undefined before the first. */
export function useImageRows(search: string): FoundImages | undefined {
  const version = useStore((state) => state.imagesVersion);
  const key = `${version} ${search}`;
  const [pages, setPages] = useState<Pages>();
  const asked = useRef(new Set<string>());

  const ask = (page: number) => {
    const name = `${page} ${key}`;
    if (asked.current.has(name)) return;
    asked.current.add(name);
    engine.imageRows(page * PAGE, (page + 1) * PAGE, search).then(({ rows, total }) => {
      setPages((old) => {
        const others = old?.key === key ? old.rows : [];
        return { key, total, rows: new Map([...others, [page, rows]]) };
      });
    }, report);
  };

  useEffect(() => {
    asked.current.clear();
    ask(0);
  }, [key]);

  if (!pages) return undefined;
  return {
    total: pages.total,
    rowAt: (place) => pages.rows.get(Math.floor(place / PAGE))?.[place % PAGE],
    show(from, to) {
      // What the list before showed stays until the first page of the new one is there.
      if (pages.key !== key) return;
      for (let page = Math.floor(from / PAGE); page * PAGE < to; page++) ask(page);
    },
  };
}
