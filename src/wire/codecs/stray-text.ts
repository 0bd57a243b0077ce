import type { PacketView } from '../packet-view.ts';

/** Notes bytes behind the NUL that ends a text of fixed length `[at, end)`, where they are no padding. */
export function noteStray(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  let i = at;
  while (i < end && b[i] !== 0) i++;
  while (i < end && b[i] === 0) i++;
  if (i < end) p.expert('warn', 'undecoded', '_ws.string.trailing_stray_characters', i, end - i);
}
