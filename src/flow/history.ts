import * as flowRow from './flow-row.ts';

// Local copies: V8 folds a module's own constants into the code, and loads and checks imported ones each time they are used.
const { HISTORY } = flowRow;

/** Zeek's history letters, in the order of their codes (conn.log `history`); upper case for the originator's packets. */
const LETTERS = 'shadfrcgtwiq';

export const SYN_LETTER = 0;
export const SYN_ACK_LETTER = 1;
export const ACK_LETTER = 2;
export const DATA_LETTER = 3;
export const FIN_LETTER = 4;
export const RST_LETTER = 5;
export const GAP_LETTER = 7;
export const RETRANSMISSION_LETTER = 8;
export const ZERO_WINDOW_LETTER = 9;
export const FIN_RST_LETTER = 10;
export const MULTI_FLAG_LETTER = 11;

const BITS = 5;
const PER_WORD = 6;
const WORDS = 3;
/** Letters that a row can hold; what comes after them is not written down. */
export const HISTORY_CAPACITY = PER_WORD * WORDS;

/** Appends a letter of direction `dir` to the row at `row`; at most `HISTORY_CAPACITY` are kept. */
export function appendHistory(words: Int32Array, row: number, letter: number, dir: number): void {
  const code = 1 + 2 * letter + dir;
  for (let i = row + HISTORY; i < row + HISTORY + WORDS; i++) {
    const word = words[i];
    for (let shift = 0; shift < PER_WORD * BITS; shift += BITS) {
      if (((word >>> shift) & 31) !== 0) continue;
      words[i] = word | (code << shift);
      return;
    }
  }
}

/** The history as text; `originator` is the direction whose letters are upper case. */
export function historyText(words: Int32Array, row: number, originator: number, flipped: boolean): string {
  let text = flipped ? '^' : '';
  for (let i = row + HISTORY; i < row + HISTORY + WORDS; i++) {
    for (let shift = 0; shift < PER_WORD * BITS; shift += BITS) {
      const code = (words[i] >>> shift) & 31;
      if (code === 0) return text;
      const letter = LETTERS[(code - 1) >> 1];
      text += ((code - 1) & 1) === originator ? letter.toUpperCase() : letter;
    }
  }
  return text;
}
