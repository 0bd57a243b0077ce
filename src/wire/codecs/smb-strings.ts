import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { utf16Text } from './windows-values.ts';

/** Where the strings of one message stand: its header, and whether they are UTF-16. One reused object. */
export class SmbStrings {
  head: number;
  unicode: boolean;
  /** Behind the string that `read` read last. */
  next: number;

  constructor() {
    this.head = 0;
    this.unicode = false;
    this.next = 0;
  }

  /** A string up to its NUL, below `end`; UTF-16 is aligned to the header (MS-CIFS §2.2.1.1.1). */
  read(p: PacketView, from: number, end: number, unicode = this.unicode): string {
    const b = p.bytes;
    let q = from;
    if (unicode) {
      if (((q - this.head) & 1) === 1) q++;
      const start = q;
      while (q + 1 < end && (b[q] !== 0 || b[q + 1] !== 0)) q += 2;
      this.next = Math.min(end, q + 2);
      return utf16Text(b, start, q);
    }
    const start = q;
    while (q < end && b[q] !== 0) q++;
    this.next = Math.min(end, q + 1);
    return p.host.latin1(b, start, q);
  }

  /** The same, put as `f`. */
  put(p: PacketView, f: Field, from: number, end: number, unicode = this.unicode): string {
    const text = this.read(p, from, end, unicode);
    p.putText(f, from, Math.max(0, this.next - from), text);
    return text;
  }
}
