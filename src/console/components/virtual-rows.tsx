import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';

export interface Column<T> {
  readonly title: string;
  /** CSS width of the grid column. */
  readonly width: string;
  readonly right?: boolean;
  readonly cell: (row: T) => ReactNode;
}

const ROW_HEIGHT = 26;

/** A table of any length: only the rows in view exist. Arrow keys move the selection. */
export function VirtualRows<T>({ label, rows, columns, keyOf, selected, onSelect, onEnd }: {
  readonly label: string;
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly keyOf: (row: T) => string | number;
  readonly selected: string | number | null;
  readonly onSelect: (row: T) => void;
  /** The end is in view: fetch more. */
  readonly onEnd?: () => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- its functions are used here only, never handed to a memoised child
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_HEIGHT, overscan: 12 });
  const items = virtual.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (rows.length > 0 && lastIndex >= rows.length - 5) onEnd?.();
  }, [lastIndex, rows.length, onEnd]);

  const template = columns.map((c) => c.width).join(' ');
  const at = rows.findIndex((r) => keyOf(r) === selected);
  const onKey = (event: KeyboardEvent): void => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 20, PageUp: at - 20, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined || rows.length === 0) return;
    event.preventDefault();
    const index = Math.min(rows.length - 1, Math.max(0, to));
    virtual.scrollToIndex(index);
    onSelect(rows[index]);
  };
  return (
    <div className="rows" ref={scroller} role="grid" aria-label={label} aria-rowcount={rows.length + 1} tabIndex={0} onKeyDown={onKey}>
      <div className="rows-inner">
        <div className="rows-head" role="row" style={{ gridTemplateColumns: template }}>
          {columns.map((c) => <div key={c.title} role="columnheader" className={c.right === true ? 'right' : undefined}>{c.title}</div>)}
        </div>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map((item) => {
            const row = rows[item.index];
            const key = keyOf(row);
            return (
              <div
                key={key} role="row" className="rows-row" aria-rowindex={item.index + 2} aria-selected={key === selected}
                style={{ gridTemplateColumns: template, transform: `translateY(${item.start}px)`, height: ROW_HEIGHT }}
                onClick={() => onSelect(row)}
              >
                {columns.map((c) => <div key={c.title} role="gridcell" className={c.right === true ? 'right' : undefined}>{c.cell(row)}</div>)}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
