/** Length octets of BER, definite and minimal (ITU-T X.690 §8.1.3). */
function lengthOf(n: number): number[] {
  if (n < 128) return [n];
  if (n < 256) return [0x81, n];
  return [0x82, n >> 8, n & 255];
}

/** One element with the parts that it is made of. */
export function berElement(tag: number, ...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const content = Buffer.concat(parts.map((p) => Uint8Array.from(p)));
  return Buffer.concat([Uint8Array.from([tag, ...lengthOf(content.length)]), content]);
}

/** A non-negative integer below 2^53, with the sign octet where it needs one. */
export function berInteger(value: number, tag = 0x02): Uint8Array {
  const octets: number[] = [];
  for (let v = value; ; v = Math.floor(v / 256)) {
    octets.unshift(v % 256);
    if (v < 256) break;
  }
  if (octets[0] >= 0x80) octets.unshift(0);
  return berElement(tag, octets);
}

export function berText(text: string, tag = 0x04): Uint8Array {
  return berElement(tag, Buffer.from(text, 'utf8'));
}

/** An object identifier from dots, `1.3.6.1.2.1.1.3.0`; undefined where it is none. */
export function berOid(dotted: string): Uint8Array | undefined {
  const arcs = dotted.replace(/^\./, '').split('.').map(Number);
  if (arcs.length < 2 || arcs.length > 128 || arcs.some((a) => !Number.isInteger(a) || a < 0 || a > 0xffff_ffff) || arcs[0] > 2 || (arcs[0] < 2 && arcs[1] > 39)) return undefined;
  const octets: number[] = [];
  for (const arc of [arcs[0] * 40 + arcs[1], ...arcs.slice(2)]) {
    const base128: number[] = [arc % 128];
    for (let v = Math.floor(arc / 128); v > 0; v = Math.floor(v / 128)) base128.unshift((v % 128) | 0x80);
    octets.push(...base128);
  }
  return berElement(0x06, octets);
}
