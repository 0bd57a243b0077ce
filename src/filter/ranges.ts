import type { Range } from './ast.ts';
import { filterError, type Span } from './filter-error.ts';

/**
 * Parses the inside of `[...]`: `i:j` (offset and length), `i-j` (first and last), `i`, `:j`, `i:`, several joined by commas.
 *
 * A layer selector is the same but that a single number, `i:` and negative numbers select layers. Throws WW_FILTER_SYNTAX.
 */
export function parseRanges(inside: string, of: 'slice' | 'layer', text: string, span: Span): Range[] {
  const fail = (reason: string): never => {
    throw filterError('WW_FILTER_SYNTAX', reason, text, span);
  };
  return inside.split(',').map((part) => {
    const p = part.replaceAll(/\s/g, '');
    const m = /^(?:(-?\d{1,9}))?(?:(:)(-?\d{1,9})?|(-)(-?\d{1,9}))?$/.exec(p);
    if (p === '' || m === null) return fail(`"${part.trim()}" is not a valid range.`);
    const start = m[1] === undefined ? 0 : Number(m[1]);
    if (m[2] !== undefined) {
      if (m[3] === undefined) return { start, length: null, last: null };
      if (Number(m[3]) <= 0) return fail(`Range ${p} isn't valid because length ${m[3]} isn't positive.`);
      return { start, length: Number(m[3]), last: null };
    }
    if (m[4] !== undefined) {
      if (m[1] === undefined) return fail(`"${p}" is not a valid range.`);
      const last = Number(m[5]);
      if (start >= 0 === last >= 0 && start > last) return fail(`Range ${p} isn't valid because ${start} is greater than ${last}.`);
      return { start, length: null, last };
    }
    return of === 'slice' ? { start, length: 1, last: null } : { start, length: null, last: start };
  });
}

/** Text of ranges, as `parseRanges` reads it. */
export function printRanges(ranges: readonly Range[]): string {
  return ranges.map((r) => (r.length !== null ? `${r.start}:${r.length}` : r.last !== null ? `${r.start}-${r.last}` : `${r.start}:`)).join(',');
}
