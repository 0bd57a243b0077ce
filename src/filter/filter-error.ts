import { WirewatchError, type ErrorCode } from '../base/errors.ts';
import { nearestNames } from '../base/nearest.ts';
import { caretUnder } from '../base/text.ts';
import type { Scheme } from './field.ts';

/** A stretch of the filter's text: what an error points at. */
export interface Span {
  readonly at: number;
  readonly len: number;
}

/** Columns of text around the caret that an error shows; a filter may be much longer. */
const SHOWN = 120;

/**
 * An error that shows the filter with a caret under the place.
 *
 * A long filter is cut to the surroundings of the caret; line breaks and tabs show as spaces, so that columns stay true.
 */
export function filterError(
  code: Extract<ErrorCode, `WW_FILTER_${string}`>, reason: string, text: string, span: Span, remedy?: string,
): WirewatchError {
  const flat = text.replaceAll(/[\r\n\t]/g, ' ');
  const from = Math.max(0, span.at - SHOWN / 2);
  const shown = flat.slice(from, from + SHOWN);
  const lead = from > 0 ? '...' : '';
  const tail = from + SHOWN < flat.length ? '...' : '';
  const column = span.at - from + lead.length;
  const width = Math.max(1, Math.min(span.len, shown.length - (span.at - from)));
  return new WirewatchError(code, reason, { where: caretUnder(lead + shown + tail, column, width), remedy });
}

/** "There is no such field", with the nearest names. */
export function unknownField(name: string, text: string, span: Span, scheme: Scheme): WirewatchError {
  const near = nearestNames(name, scheme.names(), 3);
  return filterError('WW_FILTER_FIELD', `"${name}" is neither a field nor a protocol name.`, text, span,
    near.length > 0 ? `Did you mean ${near.map((n) => `"${n}"`).join(' or ')}?` : undefined);
}
