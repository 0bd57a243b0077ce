import { useEffect, useRef } from 'react';

const A_LINE = 16;
/** Lines shown; a reassembled body may be far longer. */
const MOST_LINES = 1024;

/** Bytes of a source in hex and text. The range that the tree selects is lit; a click on a byte tells which one. */
export function HexPane({ bytes, at, length, onPick }: {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly length: number;
  readonly onPick: (offset: number) => void;
}) {
  const pane = useRef<HTMLDivElement>(null);
  useEffect(() => {
    pane.current?.querySelector('.lit')?.scrollIntoView({ block: 'nearest' });
  }, [at, length, bytes]);
  const lines = Math.min(MOST_LINES, Math.ceil(bytes.length / A_LINE));
  const lit = (i: number): string | undefined => (i >= at && i < at + length ? 'lit' : undefined);
  const pick = (event: React.MouseEvent): void => {
    const offset = (event.target as HTMLElement).dataset['at'];
    if (offset !== undefined) onPick(Number(offset));
  };
  return (
    <div className="hex" ref={pane} tabIndex={0} role="group" aria-label={`Bytes, ${bytes.length} in all, ${length} selected from ${at}`} onClick={pick}>
      {Array.from({ length: lines }, (_, line) => {
        const start = line * A_LINE;
        const row = [...bytes.subarray(start, start + A_LINE)];
        return (
          <div key={start} className="hex-line">
            <span className="hex-at">{start.toString(16).padStart(4, '0')}</span>
            <span className="hex-bytes">
              {row.map((b, i) => <span key={start + i} data-at={start + i} className={lit(start + i)}>{b.toString(16).padStart(2, '0')}</span>)}
            </span>
            <span className="hex-text">
              {row.map((b, i) => <span key={start + i} data-at={start + i} className={lit(start + i)}>{b >= 32 && b < 127 ? String.fromCharCode(b) : '·'}</span>)}
            </span>
          </div>
        );
      })}
      {bytes.length > MOST_LINES * A_LINE ? <p className="muted">The first {MOST_LINES * A_LINE} of {bytes.length} bytes are shown.</p> : null}
    </div>
  );
}
