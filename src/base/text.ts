/** `1 flow`, `2 flows`: a count with its noun. */
export function plural(n: number, noun: string, many = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : many}`;
}

/** A line of text with a caret under column `at` (0-based), for errors that point. */
export function caretUnder(text: string, at: number, length = 1): string {
  return `${text}\n${' '.repeat(at)}${'^'.repeat(Math.max(1, length))}`;
}
