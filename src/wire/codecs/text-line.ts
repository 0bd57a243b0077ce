const CR = 13;
const LF = 10;
const SPACE = 32;

/** End of the line at `at`, its CR, LF or CR LF excluded; `end` where the line does not end. */
export function lineEnd(b: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && b[i] !== LF && b[i] !== CR) i++;
  return i;
}

/** Where the line begins that follows the one that ends at `lineAt`. */
export function nextLine(b: Uint8Array, lineAt: number, end: number): number {
  if (lineAt >= end) return end;
  return b[lineAt] === CR && lineAt + 1 < end && b[lineAt + 1] === LF ? lineAt + 2 : lineAt + 1;
}

/** End of the word at `at`: the first space, or the end of the line. */
export function wordEnd(b: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && b[i] !== SPACE) i++;
  return i;
}

/** The first byte from `at` on that is no space. */
export function skipSpaces(b: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && b[i] === SPACE) i++;
  return i;
}

/** True where a reply begins with its code of three digits (RFC 959 §4.2, RFC 5321 §4.2). */
export function hasReplyCode(b: Uint8Array, at: number, end: number): boolean {
  return end - at >= 3 && isDigit(b[at]) && isDigit(b[at + 1]) && isDigit(b[at + 2]);
}

/** The code that `hasReplyCode` saw. */
export function replyCode(b: Uint8Array, at: number): number {
  return (b[at] - 48) * 100 + (b[at + 1] - 48) * 10 + b[at + 2] - 48;
}

export function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

/** True where `[at, at + word.length)` is `word`, which is in capitals, in either case. */
export function isWord(b: Uint8Array, at: number, end: number, word: string): boolean {
  if (end - at < word.length) return false;
  for (let i = 0; i < word.length; i++) {
    const c = b[at + i];
    if ((c >= 97 && c <= 122 ? c - 32 : c) !== word.charCodeAt(i)) return false;
  }
  return true;
}

/** True where all of the first bytes are printable, or line ends. */
export function looksLikeText(b: Uint8Array, at: number, end: number): boolean {
  const n = Math.min(end, at + 10);
  for (let i = at; i < n; i++) if (b[i] !== CR && b[i] !== LF && (b[i] < SPACE || b[i] > 126)) return false;
  return true;
}
