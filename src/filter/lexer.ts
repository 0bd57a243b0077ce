import { filterError } from './filter-error.ts';

/** `word` is a field, a literal or a function's name: only its place and the scheme can tell. */
export type TokenKind = 'word' | 'string' | 'raw' | 'char' | 'brackets' | 'op' | 'reference' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Decoded text of a string, the operator's own spelling, the inside of brackets. */
  readonly value: string;
  readonly at: number;
  readonly len: number;
}

/** Longer filters are refused: a person did not write them, and errors could not show them. */
export const MAX_FILTER_CHARS = 65_536;

const OPERATORS = ['===', '!==', '==', '!=', '>=', '<=', '~=', '&&', '||', '^^', '..', '>', '<', '!', '~', '&', '(', ')', '{', '}', ',', '+', '-', '*', '/', '%', '#', '@'];
const WORD = /[A-Za-z0-9_.:-]/;
const ADDRESS = /^(\d+\.\d+\.\d+\.\d+|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)$/;
const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '"': '"', "'": "'", '\\': '\\',
};

/** Splits a filter into tokens. Throws WW_FILTER_SYNTAX with a caret. */
export function lex(text: string): Token[] {
  if (text.length > MAX_FILTER_CHARS) {
    throw filterError('WW_FILTER_SYNTAX', `The filter is longer than ${MAX_FILTER_CHARS} characters.`, text, { at: MAX_FILTER_CHARS, len: 1 });
  }
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at])) {
      at++;
      continue;
    }
    const token = nextToken(text, at);
    tokens.push(token);
    at += token.len;
  }
  tokens.push({ kind: 'end', value: '', at: text.length, len: 1 });
  return tokens;
}

function nextToken(text: string, at: number): Token {
  const c = text[at];
  if (c === '"') return quoted(text, at, at + 1);
  if ((c === 'r' || c === 'R') && text[at + 1] === '"') return rawString(text, at);
  if (c === "'") return charConstant(text, at);
  if (c === '[') return brackets(text, at);
  if (c === '$') return reference(text, at);
  if (startsWord(text, at)) return word(text, at);
  for (const op of OPERATORS) if (text.startsWith(op, at)) return { kind: 'op', value: op, at, len: op.length };
  const hint = c === '=' ? 'Equality is "==".' : c === '|' ? 'Logical or is "||" or "or".' : c === ']' ? 'There is no "[" before it.' : undefined;
  throw filterError('WW_FILTER_SYNTAX', `"${String.fromCodePoint(text.codePointAt(at) ?? 0)}" was unexpected in this context.`, text, { at, len: 1 }, hint);
}

/** A word does not begin with `-` (that is minus) nor with `..` (a range); `.name` and `:fc` are words. */
function startsWord(text: string, at: number): boolean {
  const c = text[at];
  if (/[A-Za-z0-9_]/.test(c)) return true;
  if (c === ':') return WORD.test(text[at + 1] ?? '');
  return c === '.' && /[A-Za-z0-9_]/.test(text[at + 1] ?? '');
}

function word(text: string, at: number): Token {
  let end = at + 1;
  while (end < text.length && WORD.test(text[end]) && !(text[end] === '.' && text[end + 1] === '.')) end++;
  // A slash belongs to the word only in a CIDR; elsewhere it divides.
  if (text[end] === '/' && /\d/.test(text[end + 1] ?? '') && ADDRESS.test(text.slice(at, end))) {
    end++;
    while (end < text.length && /[\d.]/.test(text[end]) && !text.startsWith('..', end)) end++;
  }
  return { kind: 'word', value: text.slice(at, end), at, len: end - at };
}

function unterminated(text: string, at: number): never {
  throw filterError('WW_FILTER_SYNTAX', 'The final quote was missing from a quoted string.', text, { at, len: text.length - at });
}

function quoted(text: string, at: number, from: number): Token {
  let out = '';
  let i = from;
  for (;;) {
    if (i >= text.length) unterminated(text, at);
    const c = text[i];
    if (c === '"') break;
    if (c === '\\') {
      const escape = readEscape(text, i);
      out += escape.value;
      i += escape.len;
    } else {
      out += c;
      i++;
    }
  }
  return { kind: 'string', value: out, at, len: i + 1 - at };
}

/**
 * Raw string: backslashes stand for themselves, `\"` keeps both characters and does not end it.
 *
 * Its kind differs from `string` only for printing; it is the natural form of a regular expression.
 */
function rawString(text: string, at: number): Token {
  let i = at + 2;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  if (i >= text.length) unterminated(text, at);
  return { kind: 'raw', value: text.slice(at + 2, i), at, len: i + 1 - at };
}

function charConstant(text: string, at: number): Token {
  const close = text.indexOf("'", text[at + 1] === '\\' ? at + 3 : at + 2);
  if (close < 0) {
    throw filterError('WW_FILTER_SYNTAX', 'The final quote was missing from a character constant.', text, { at, len: text.length - at });
  }
  const span = { at, len: close + 1 - at };
  const inside = text.slice(at + 1, close);
  if (inside.startsWith('\\')) {
    const escape = readEscape(text, at + 1);
    if (escape.len !== inside.length) throw filterError('WW_FILTER_SYNTAX', `'${inside}' isn't a valid character constant.`, text, span);
    return { kind: 'char', value: escape.value, ...span };
  }
  if (inside.length !== 1 || inside.charCodeAt(0) > 0xff) {
    throw filterError('WW_FILTER_SYNTAX', `'${inside}' is too long to be a valid character constant.`, text, span, 'A text stands in double quotes.');
  }
  return { kind: 'char', value: inside, ...span };
}

/** One escape at `text[at] === '\\'`: \n and its kind, \xHH, \NNN (octal), \uHHHH, \UHHHHHHHH. */
function readEscape(text: string, at: number): { value: string; len: number } {
  const c = text[at + 1] ?? '';
  const simple = SIMPLE_ESCAPES[c];
  if (simple !== undefined && c.length === 1) return { value: simple, len: 2 };
  const m = /^\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))/.exec(text.slice(at, at + 10));
  const code = m === null ? -1 : m[1] !== undefined ? Number.parseInt(m[1], 16) : m[2] !== undefined ? Number.parseInt(m[2], 8) : Number.parseInt(m[3] ?? m[4], 16);
  const isByte = m !== null && (m[1] ?? m[2]) !== undefined;
  if (m === null || code > (isByte ? 0xff : 0x10ffff) || (code >= 0xd800 && code <= 0xdfff)) {
    throw filterError('WW_FILTER_SYNTAX', `"\\${c}" is not a valid character escape sequence.`, text, { at, len: 2 },
      'Write the backslash twice, or use a raw string: r"...".');
  }
  return { value: String.fromCodePoint(code), len: m[0].length };
}

function brackets(text: string, at: number): Token {
  const close = text.indexOf(']', at);
  const next = text.indexOf('[', at + 1);
  if (close < 0 || (next >= 0 && next < close)) {
    throw filterError('WW_FILTER_SYNTAX', 'The right bracket was missing from a slice.', text, { at, len: 1 });
  }
  return { kind: 'brackets', value: text.slice(at + 1, close), at, len: close + 1 - at };
}

/** `${field}` or `$field`: a value of the selected packet. Macros were expanded before. */
function reference(text: string, at: number): Token {
  const m = /^\$(?:\{\s*([A-Za-z_][A-Za-z0-9_.-]*)\s*\}|([A-Za-z_][A-Za-z0-9_.-]*))/.exec(text.slice(at, at + 256));
  if (m === null) throw filterError('WW_FILTER_SYNTAX', '"$" must be followed by a field: ${field} or $field.', text, { at, len: 1 });
  return { kind: 'reference', value: m[1] ?? m[2], at, len: m[0].length };
}
