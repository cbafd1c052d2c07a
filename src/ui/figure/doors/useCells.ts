import { type KeyboardEvent, type PointerEvent, useState } from 'react';

export interface Cell {
  row: number;
  column: number;
}

/** A cell of a grid that the pointer or the arrow keys are at, and the handlers to put on the grid's element. */
export function useCells(rows: number, columns: number) {
  const [cell, setCell] = useState<Cell>();
  const isInside = cell && cell.row < rows && cell.column < columns;
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (at: number, size: number) => Math.min(0.999999, Math.max(0, at / size));
    setCell({
      row: Math.floor(share(event.clientY - box.top, box.height) * rows),
      column: Math.floor(share(event.clientX - box.left, box.width) * columns),
    });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const move: Record<string, [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    };
    const by = move[event.key];
    if (!by) return;
    event.preventDefault();
    const within = (at: number, size: number) => Math.min(size - 1, Math.max(0, at));
    setCell(({ row, column } = { row: 0, column: 0 }) => ({
      row: within(row + by[0], rows),
      column: within(column + by[1], columns),
    }));
  };
  const onFocus = () => setCell((before) => before ?? { row: 0, column: 0 });
  return { cell: isInside ? cell : undefined, handlers: { onPointerMove, onKeyDown, onFocus } };
}
